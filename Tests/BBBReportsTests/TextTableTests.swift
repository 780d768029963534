import Testing

@testable import BBBReports

struct TextTableTests {
  @Test func `aligns text left and numbers right, without spaces at the end of a line`() {
    var table = TextTable([.text("name"), .number("count"), .text("kind")])
    table.append(["fc1", "1,000", "layer"])
    table.append(["σ", "7", ""])
    #expect(
      table.text == """
        name  count  kind
        fc1   1,000  layer
        σ         7

        """)
  }

  @Test func `has a line of units if a column has one`() {
    var table = TextTable([.number("file", unit: "bytes"), .number("errors")])
    table.append(["12", "3"])
    #expect(table.text == " file  errors\nbytes\n   12       3\n")
  }

  @Test(arguments: [
    ("a\u{1B}[2Jb", "a\u{FFFD}[2Jb"), ("a\r\nb", "a\u{FFFD}\u{FFFD}b"), ("\u{9B}0m", "\u{FFFD}0m"),
    ("\u{0}\u{7F}", "\u{FFFD}\u{FFFD}"), ("μ₁ é 猫", "μ₁ é 猫"),
  ])
  func `a cell cannot steer the terminal`(cell: String, shown: String) {
    var table = TextTable([.text("name"), .text("kind")])
    table.append([cell, "layer"])
    let line = table.text.split(separator: "\n").last.map(String.init)
    #expect(line?.hasPrefix(shown) == true)
    #expect(line?.hasSuffix("  layer") == true)
  }
}
