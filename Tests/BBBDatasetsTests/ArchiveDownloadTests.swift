import BBBDatasets
import BBBZlib
import Crypto
import Foundation
import TestSupport
import Testing

/// A dataset that comes in an archive, of which some files are kept.
struct ArchiveDownloadTests {
  static let members: [(name: String, content: [UInt8])] = [
    ("folder/one.bin", Array("one".utf8)), ("folder/readme", [1]),
    ("folder/two.bin", [UInt8](repeating: 2, count: 700)),
  ]

  /// A file's header: its name, its size in octal digits, and the sum of all bytes.
  static func header(_ name: String, _ size: Int, kind: Character) -> [UInt8] {
    var header = [UInt8](repeating: 0, count: 512)
    func put(_ text: String, at place: Int) {
      header.replaceSubrange(place..<(place + text.utf8.count), with: text.utf8)
    }
    put(name, at: 0)
    put(String(size, radix: 8), at: 124)
    put("        ", at: 148)
    put(String(kind), at: 156)
    put("ustar", at: 257)
    put(String(header.reduce(0) { $0 + Int($1) }, radix: 8), at: 148)
    header[148 + 6] = 0
    return header
  }

  static let tar: [UInt8] =
    header("folder/", 0, kind: "5")
    + members.flatMap { name, content in
      header(name, content.count, kind: "0") + content
        + [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    } + [UInt8](repeating: 0, count: 1024)

  static func digest(_ content: [UInt8]) -> String {
    SHA256.hash(data: content).map { byte in
      String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }.joined()
  }

  static func download(
    _ archive: [UInt8], to folder: String, from mirror: FakeMirror, wrongMember: Bool = false
  ) -> DatasetDownload {
    let files = [members[0], members[2]].map { name, content in
      DatasetFile(
        names: [name], isGzipped: false, downloadByteCount: content.count,
        byteCount: content.count, digest: wrongMember ? "00" : digest(content))
    }
    return DatasetDownload(
      dataset: "tiny", files: files,
      archive: DatasetArchive(
        file: DatasetFile(
          names: ["tiny.tar.gz"], isGzipped: false, downloadByteCount: archive.count,
          byteCount: archive.count, digest: digest(archive), isDigestOfDownload: true),
        members: files),
      folder: folder, mirrors: [URL(string: "https://a/")].compactMap(\.self),
      transfer: { try mirror.transfer($0, $1, $2) })
  }

  static func mirror(_ archive: [UInt8]) -> FakeMirror {
    FakeMirror(files: ["tiny.tar.gz": Data(archive)], behaviours: ["a": .good])
  }

  @Test func `the files that are wanted are kept, and nothing else`() throws {
    try withTemporaryFolder { folder in
      let archive = gzipped(Self.tar)
      let mirror = Self.mirror(archive)
      let outcomes = try Self.download(archive, to: folder, from: mirror).run()
      #expect(outcomes.map(\.name) == ["folder/one.bin", "folder/two.bin"])
      #expect(outcomes.map(\.outcome) == [.downloaded, .downloaded])
      #expect(try DatasetDownloadTests.contents(of: folder) == ["folder"])
      #expect(
        try DatasetDownloadTests.contents(of: folder + "/folder") == ["one.bin", "two.bin"])
      #expect(
        try Data(contentsOf: URL(filePath: folder + "/folder/two.bin"))
          == Data(Self.members[2].content))
      let again = try Self.download(archive, to: folder, from: mirror).run()
      #expect(again.map(\.outcome) == [.present, .present])
      #expect(mirror.requests == ["a tiny.tar.gz 0"])
    }
  }

  @Test func `an archive that is there is used, and stays`() throws {
    try withTemporaryFolder { folder in
      let archive = gzipped(Self.tar)
      try write(archive, to: folder + "/tiny.tar.gz")
      let mirror = Self.mirror(archive)
      _ = try Self.download(archive, to: folder, from: mirror).run()
      #expect(mirror.requests.isEmpty)
      #expect(try DatasetDownloadTests.contents(of: folder) == ["folder", "tiny.tar.gz"])
    }
  }

  @Test(arguments: [
    ("no archive", gzipped(Array("no archive".utf8 + [UInt8](repeating: 1, count: 600)))),
    ("not compressed", tar),
    ("cut", gzipped(Array(tar.prefix(2000)))),
    ("without a file", gzipped(Array(tar.prefix(1024)))),
  ])
  func `archives that are none are refused`(what: String, archive: [UInt8]) throws {
    try withTemporaryFolder { folder in
      let error = try #require(throws: DatasetError.self, "\(what)") {
        try Self.download(archive, to: folder, from: Self.mirror(archive)).run()
      }
      #expect(error.code == .malformed)
    }
  }

  @Test func `a file is checked by its SHA-256`() throws {
    try withTemporaryFolder { folder in
      let archive = gzipped(Self.tar)
      let error = try #require(throws: DatasetError.self) {
        try Self.download(
          archive, to: folder, from: Self.mirror(archive), wrongMember: true
        ).run()
      }
      #expect(error.message.contains("its SHA-256 differs"))
      #expect(try DatasetDownloadTests.contents(of: folder + "/folder").isEmpty)
    }
  }

  @Test(.enabled(if: SharedFolder.isThere, Comment(rawValue: SharedFolder.remedy)))
  func `MNIST's files are not replaced by others of the same names`() throws {
    let locator = DatasetLocator(
      explicitFolder: SharedFolder.data + "/mnist", environment: [:])
    #expect(
      try DatasetDownload.fashionMNIST(locator: locator).folder
        == SharedFolder.data + "/mnist/fashion-mnist")
    #expect(try DatasetDownload.mnist(locator: locator).folder == SharedFolder.data + "/mnist")
  }
}
