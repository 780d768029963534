import BBBDatasets
import Crypto
import Foundation
import TestSupport
import Testing

struct MushroomTableTests {
  /// A line with the class `e` or `p`, and all attributes `x` but the first two.
  private func line(_ kind: String, _ first: String, _ second: String) -> String {
    ([kind, first, second] + [String](repeating: "x", count: 20)).joined(separator: ",")
  }

  private func table(_ text: String) throws -> MushroomTable {
    try MushroomTable([UInt8](text.utf8), path: "m.data")
  }

  @Test(arguments: ["\n", "\r\n"])
  func `every value that occurs is a column, by attribute and by letter`(ending: String) throws {
    let lines = [line("e", "b", "?"), line("p", "a", "k"), line("e", "b", "k")]
    for last in ["", ending, ending + ending] {
      let table = try table(lines.joined(separator: ending) + last)
      #expect(table.count == 3)
      #expect(table.isEdible == [true, false, true])
      let columns = table.columns.map { "\($0.attribute)\(Character(UnicodeScalar($0.value)))" }
      #expect(columns == ["0a", "0b", "1?", "1k"] + (2..<22).map { "\($0)x" })
      let rest = (4..<24).map { UInt16($0) }
      #expect(Array(table.places(ofMushroom: 0)) == [1, 2] + rest)
      #expect(Array(table.places(ofMushroom: 1)) == [0, 3] + rest)
      #expect(Array(table.places(ofMushroom: 2)) == [1, 3] + rest)
    }
  }

  @Test(arguments: [
    ("", "no mushrooms"),
    ("\n\n", "no mushrooms"),
    ("e,x", "line 1 has 2 values"),
    ("e" + String(repeating: ",x", count: 23), "line 1 has 24 values"),
    (
      "e" + String(repeating: ",x", count: 22) + "\nq" + String(repeating: ",x", count: 22),
      "line 2"
    ),
    ("e" + String(repeating: ",x", count: 21) + ",xy", "value 23"),
    ("e" + String(repeating: ",x", count: 21) + ",", "value 23"),
    ("e" + String(repeating: ",x", count: 21) + ",\u{7}", "value 23"),
    ("e" + String(repeating: ",x", count: 20) + ",é,x", "value 22"),
  ])
  func `what is no such table is one sentence with the line and the remedy`(
    text: String, part: String
  ) throws {
    let error = try #require(throws: DatasetError.self) { try self.table(text) }
    #expect(error.code == .malformed)
    #expect("\(error)".contains(part) && "\(error)".contains("bbbprune data mushroom"), "\(error)")
    #expect("\(error)".hasPrefix("m.data: "))
  }

  @Test func `no table can be found where there is none`() throws {
    try withTemporaryFolder { folder in
      let error = try #require(throws: DatasetError.self) {
        try MushroomTable(locator: DatasetLocator(explicitFolder: folder, environment: [:]))
      }
      #expect(error.code == .notFound)
      for part in ["the file agaricus-lepiota.data is not in", folder, "data mushroom"] {
        #expect("\(error)".contains(part), "\(error)")
      }
      #expect(throws: DatasetError.self) { try MushroomTable(path: folder + "/none.data") }
    }
  }

  @Test(arguments: ["", "/mushroom"])
  func `the table lies in the folder, or in one with the dataset's name`(place: String) throws {
    try withTemporaryFolder { folder in
      try FileManager.default.createDirectory(
        atPath: folder + place, withIntermediateDirectories: true)
      try Data(line("p", "a", "b").utf8)
        .write(to: URL(filePath: folder + place + "/agaricus-lepiota.data"))
      let table = try MushroomTable(
        locator: DatasetLocator(explicitFolder: folder, environment: [:]))
      #expect(table.isEdible == [false])
    }
  }

  @Test func `a file that mirrors do not compress is kept under its own name`() throws {
    try withTemporaryFolder { folder in
      let content = Data("letters".utf8)
      let digest = SHA256.hash(data: content).map { byte in
        String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
      }
      let file = DatasetFile(
        names: ["table.data"], isGzipped: false, downloadByteCount: content.count,
        byteCount: content.count, digest: digest.joined())
      let mirror = FakeMirror(
        files: ["table.data": content], behaviours: ["a": .wrong, "b": .good])
      let download = DatasetDownload(
        dataset: "tiny", files: [file], folder: folder,
        mirrors: ["a", "b"].compactMap { URL(string: "https://\($0)/") },
        transfer: { try mirror.transfer($0, $1, $2) })
      let first = try download.run()
      #expect(first.map(\.outcome) == [.downloaded])
      let kept = try Data(contentsOf: URL(filePath: folder + "/table.data"))
      #expect(kept == content)
      let second = try download.run()
      #expect(second.map(\.outcome) == [.present])
      #expect(mirror.requests == ["a table.data 0", "b table.data 0"])
    }
  }

  @Test(.enabled(if: SharedFolder.isThere, Comment(rawValue: SharedFolder.remedy)))
  func `the repository's table`() throws {
    let table = try MushroomTable(
      locator: DatasetLocator(explicitFolder: SharedFolder.data, environment: [:]))
    // As its description says: agaricus-lepiota.names, "Class Distribution".
    #expect(table.count == 8124)
    #expect(table.isEdible.count { $0 } == 4208)
    #expect(table.columns.count == 117)
    // The first line, p,x,s,n,t,p,…: odor, the fifth attribute, is pungent.
    #expect(!table.isEdible[0])
    let column = table.columns[Int(Array(table.places(ofMushroom: 0))[4])]
    #expect(column == table.columns.first { $0.attribute == 4 && $0.value == UInt8(ascii: "p") })
  }
}
