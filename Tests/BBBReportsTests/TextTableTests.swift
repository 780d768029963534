import Testing

@testable import BBBReports

struct TextTableTests {
  @Test func `aligns text left and numbers right, without spaces at the end of a line`() {
    var table = TextTable([.text("name"), .number("count"), .text("kind")])
    table.append(["fc1", "1,000", "layer"])
    table.append(["σ", "7", ""])
    #expect(
      table.text(width: 80, elsewhere: "--json") == """
        name  count  kind
        fc1   1,000  layer
        σ         7

        """)
  }

  @Test func `has a line of units if a column has one`() {
    var table = TextTable([.number("file", unit: "bytes"), .number("errors")])
    table.append(["12", "3"])
    #expect(table.text(width: 80, elsewhere: "--json") == " file  errors\nbytes\n   12       3\n")
  }

  @Test(arguments: [
    ("a\u{1B}[2Jb", "a\u{FFFD}[2Jb"), ("a\r\nb", "a\u{FFFD}\u{FFFD}b"), ("\u{9B}0m", "\u{FFFD}0m"),
    ("\u{0}\u{7F}", "\u{FFFD}\u{FFFD}"), ("μ₁ é 猫", "μ₁ é 猫"),
  ])
  func `a cell cannot steer the terminal`(cell: String, shown: String) {
    var table = TextTable([.text("name"), .text("kind")])
    table.append([cell, "layer"])
    let line = table.text(width: 80, elsewhere: "--json").split(separator: "\n").last.map(
      String.init)
    #expect(line?.hasPrefix(shown) == true)
    #expect(line?.hasSuffix("  layer") == true)
  }

  /// Two names, two numbers of 4 characters, and one that is left out first.
  private func wideTable(_ name: String = "name") -> TextTable {
    var table = TextTable([
      .name("layer"), .number("kept", omission: 2), .number("rows"), .name("mean", omission: 3),
      .number("cost", unit: "nats", omission: 1),
    ])
    table.append([name, "1234", "5678", name, "9.99"])
    return table
  }

  @Test func `columns are left out in their order, and named`() {
    let table = wideTable()
    func header(_ width: Int) -> [Substring] {
      table.text(width: width, elsewhere: "--json").split(separator: "\n")[0].split(separator: " ")
    }
    #expect(header(29) == ["layer", "kept", "rows", "mean", "cost"])
    #expect(header(28) == ["layer", "kept", "rows", "mean"])
    #expect(header(23) == ["layer", "kept", "rows", "mean"])
    #expect(header(22) == ["layer", "rows", "mean"])
    #expect(header(16) == ["layer", "rows"])
    let note = table.text(width: 22, elsewhere: "--json").split(separator: "\n").dropFirst(2)
    #expect(
      note.joined(separator: " ")
        == "left out in 22 columns: kept, cost (all in 29 columns, and by --json)")
    #expect(!table.text(width: 29, elsewhere: "--json").contains("left out"))
  }

  @Test func `names are shortened in the middle before a column of them is left out`() {
    let name = "network.encoder.layers.0.linear"
    let text = wideTable(name).text(width: 44, elsewhere: "--json")
    let row = text.split(separator: "\n")[1].split(separator: " ")
    #expect(row == ["netwo…ers.0.linear", "5678", "netwo…ers.0.linear"])
    #expect(text.contains("left out in 44 columns: kept, cost; names\n"))
    let narrow = wideTable(name).text(width: 30, elsewhere: "--json").split(separator: "\n")
    #expect(narrow[1] == "network….layers.0.linear  5678")
  }

  @Test(arguments: [40, 60, 80, 120, 200])
  func `no line is longer than the width, whatever the names`(width: Int) {
    for name in ["x", String(repeating: "猫", count: 90), String(repeating: "layer.", count: 40)] {
      let text = wideTable(name).text(width: width, elsewhere: "--json")
      #expect(text.split(separator: "\n").allSatisfy { String($0).columnCount <= width })
    }
  }
}
