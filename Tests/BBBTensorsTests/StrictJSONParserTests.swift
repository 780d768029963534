import Testing

@testable import BBBTensors

struct StrictJSONParserTests {
  private func parse(_ text: String) throws(StrictJSONParser.Failure) -> StrictJSON {
    try StrictJSONParser.parse(Array(text.utf8))
  }

  @Test func `every kind of value is told`() throws {
    let value = try parse(
      #"{ "a" : [ 1 , -0 , 12 ] , "b":{"c":"\"\\\/\b\f\n\r\t\u00E9"}, "d":[true,false,null,1.5e-3] } "#
    )
    #expect(
      value
        == .object([
          (key: "a", value: .array([.integer(1), .integer(0), .integer(12)])),
          (key: "b", value: .object([(key: "c", value: .string("\"\\/\u{8}\u{C}\n\r\té"))])),
          (key: "d", value: .array([.other, .other, .other, .other])),
        ]))
  }

  @Test(arguments: [
    "", "{", "[", "[1,]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "[01]", "[-]", "[1.]",
    "[1e]",
    "[.5]", "[+1]", "[NaN]", "[tru]", "'a'", "\"a", "\"\\x\"", "\"\\u12g4\"", "\"\\ud800\"",
    "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"\t\"", "[1] x", "[1]\n",
  ])
  func `what is not JSON is refused`(_ text: String) {
    #expect(throws: StrictJSONParser.Failure.self) { try parse(text) }
  }
}
