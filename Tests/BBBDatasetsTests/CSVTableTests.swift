import BBBDatasets
import Foundation
import Testing

/// Tables as text; what is right follows from RFC 4180.
struct CSVTableTests {
  private func table(_ text: String) throws -> CSVTable {
    try CSVTable(bytes: Array(text.utf8), path: "t.csv")
  }

  @Test(arguments: [
    "a,b\n1,2\n3,4\n", "a,b\r\n1,2\r\n3,4", "a,b\r1,2\r3,4\r", "\u{FEFF}a,b\n1,2\n3,4\n\n\n",
    "\"a\",\"b\"\n\"1\",\"2\"\n 3 ,\t4\n",
  ])
  func `lines end in every way, and fields may be quoted`(text: String) throws {
    let table = try table(text)
    #expect(table.columnNames == ["a", "b"])
    #expect(table.rowCount == 2)
    #expect(table.values == [1, 2, 3, 4])
  }

  @Test func `a quoted name may hold commas, quotes and ends of lines`() throws {
    let table = try table("\"a,\"\"b\"\"\nc\",d\n1,2\n")
    #expect(table.columnNames == ["a,\"b\"\nc", "d"])
    #expect(try table.columns(named: ["d", "a,\"b\"\nc"]) == [1, 0])
  }

  @Test func `numbers are those that the standard library reads`() throws {
    let texts = [
      "0", "-0", "12", "-3.25", ".5", "7.", "1e-3", "+4", "0.1", "123456789012345",
      "1234567890123456789",
      "0.000000000000000123", "3.4028234e38", "1e-60", "-1E5",
    ]
    let table = try table("x\n" + texts.joined(separator: "\n"))
    #expect(table.values.map(\.bitPattern) == texts.map { Float(Double($0) ?? .nan).bitPattern })
  }

  @Test func `truth values are 1 and 0`() throws {
    #expect(try table("a,b\nTrue,FALSE\n").values == [1, 0])
  }

  @Test(arguments: [
    ("", "line 1: the table is empty"),
    ("a,b\n", "line 1: names columns, but no examples follow"),
    ("1,2\n3,4\n", "line 1: numbers stand where the names of the columns are expected"),
    (",a\n0,1\n", "line 1: column 1 has no name"),
    ("a;b\n1;2\n", "line 1: the columns are separated by ';'"),
    ("a\tb\n1\t2\n", "line 1: the columns are separated by tabs"),
    ("a,b\n1,2\n3\n", "line 3: 1 field stands where the first line names 2 columns"),
    ("a,b\n1,2,3\n", "line 2: 3 fields stand where"),
    ("a,b\n1,2\n\n3,4\n", "line 3: 1 field stands where"),
    ("a\n1\n\n2\n", "line 3: column \"a\" has no value"),
    ("age,kind\n1,setosa\n", "line 2: column \"kind\" says \"setosa\", which is no number"),
    ("\"a\nb\",c\n1,\n", "line 3: column \"c\" has no value"),
    ("a,b\n1,\"1,5\"\n", "line 2: column \"b\" says \"1,5\", which is no number"),
    ("a\nnan\n", "line 2: column \"a\" is nan"),
    ("a\n1\n-inf\n", "line 3: column \"a\" is -inf"),
    ("a\n1e39\n", "line 2: column \"a\" is 1e+39"),
    ("a\n0x10\n", "line 2: column \"a\" says \"0x10\", which is no number"),
    ("a,b,a\n1,2,3\n", "line 1: two columns are named \"a\""),
    ("a\n\"1\n2\n", "line 2: a quoted field has no end"),
    ("a\n\"1\"2\n", "line 2: a quoted field goes on behind its closing quote"),
  ])
  func `what is no table of numbers is refused with line and column`(
    text: String, message: String
  ) throws {
    let error = try #require(throws: DatasetError.self) { try table(text) }
    #expect(error.description.hasPrefix("t.csv: \(message)"), "\(error)")
    #expect(error.message.contains(";"), "a remedy: \(error)")
  }

  @Test func `UTF-16 is named`() throws {
    let bytes: [UInt8] = [0xFF, 0xFE, 0x61, 0, 0x0A, 0, 0x31, 0]
    let error = try #require(throws: DatasetError.self) {
      try CSVTable(bytes: bytes, path: "t.csv")
    }
    #expect(error.message.contains("UTF-16"))
  }

  @Test func `names that are not UTF-8 are refused`() throws {
    let bytes = Array("a,gr".utf8) + [0xF6] + Array("e\n1,2\n".utf8)
    let error = try #require(throws: DatasetError.self) {
      try CSVTable(bytes: bytes, path: "t.csv")
    }
    #expect(error.message.hasPrefix("line 1: the name of column 2"), "\(error)")
    #expect(error.message.hasSuffix("is not UTF-8; save the table as UTF-8"))
  }

  @Test func `columns that are not there, or there twice, are named`() throws {
    let table = try table("a,b\n1,2\n")
    let none = try #require(throws: DatasetError.self) { try table.columns(named: ["c"]) }
    #expect(none.message == "has no column \"c\"; the columns are a, b")
    let twice = try #require(throws: DatasetError.self) { try table.columns(named: ["b", "b"]) }
    #expect(twice.message.contains("\"b\" is named twice"))
  }

  @Test func `no damage gets past the checks`() {
    // Whatever is accepted is a table of finite numbers.
    let whole = Array("\"a\",b\r\n1,-2.5e3\r\n\"3\",True\r\n".utf8)
    for position in whole.indices {
      for byte in [0, 0x0A, 0x0D, 0x22, 0x2C, 0x2E, 0x39, 0x65, 0xFF] as [UInt8] {
        var bytes = whole
        bytes[position] = byte
        guard let table = try? CSVTable(bytes: bytes, path: "t.csv") else { continue }
        #expect(table.values.count == table.rowCount * table.columnNames.count)
        #expect(!table.values.contains { !$0.isFinite })
      }
    }
  }
}
