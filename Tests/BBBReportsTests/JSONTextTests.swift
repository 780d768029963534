import Testing

@testable import BBBReports

struct JSONTextTests {
  @Test func `sorts keys, indents, leaves slashes alone and ends the last line`() throws {
    #expect(
      try JSONText.encode(["b": "x/y", "a": "µ"]) == """
        {
          "a" : "µ",
          "b" : "x/y"
        }

        """)
  }

  @Test(arguments: [Double.nan, .infinity, -.infinity])
  func `a number that is not finite becomes null`(value: Double) throws {
    #expect(value.finite == nil)
    #expect(Float(value).finite == nil)
    #expect(try JSONText.encode([value.finite, 0.5.finite]) == "[\n  null,\n  0.5\n]\n")
  }

  @Test(arguments: [0, -1.5, .greatestFiniteMagnitude, .leastNonzeroMagnitude])
  func `a finite number stays as it is`(value: Float) {
    #expect(value.finite == Double(value))
  }
}
