import BBBDatasets
import BBBZlib
import Crypto
import Foundation
import Synchronization
import TestSupport
import Testing

struct DatasetDownloadTests {
  static let images = TinyDigits.imagesFile
  static let labels = TinyDigits.labelsFile
  static let compressed = Data(gzipped(images))

  static let served = [
    "images-ubyte.gz": compressed, "labels-ubyte.gz": Data(gzipped(labels)),
  ]

  static func file(_ name: String, _ content: [UInt8]) -> DatasetFile {
    DatasetFile(
      names: [name + "-ubyte", name + ".ubyte"],
      downloadByteCount: served[name + "-ubyte.gz"]?.count ?? 0, byteCount: content.count,
      digest: SHA256.hash(data: content).map { byte in
        String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
      }.joined())
  }

  static func download(
    to folder: String, from mirror: FakeMirror, _ hosts: [String]
  ) -> DatasetDownload {
    DatasetDownload(
      dataset: "tiny", files: [file("images", images), file("labels", labels)], folder: folder,
      mirrors: hosts.compactMap { URL(string: "https://\($0)/folder/") },
      transfer: { try mirror.transfer($0, $1, $2) })
  }

  static func contents(of folder: String) throws -> Set<String> {
    Set(try FileManager.default.contentsOfDirectory(atPath: folder))
  }

  @Test func `makes the folder, fetches every file, and tells how far it is`() throws {
    try withTemporaryFolder { folder in
      let mirror = FakeMirror(files: Self.served, behaviours: ["a": .good])
      let fractions = Mutex<[Double]>([])
      let outcomes = try Self.download(to: folder + "/new/tiny", from: mirror, ["a"]).run {
        fraction in fractions.withLock { $0.append(fraction) }
      }
      #expect(outcomes.map(\.name) == ["images-ubyte.gz", "labels-ubyte.gz"])
      #expect(outcomes.allSatisfy { $0.outcome == .downloaded })
      #expect(mirror.requests == ["a images-ubyte.gz 0", "a labels-ubyte.gz 0"])
      #expect(try Self.contents(of: folder + "/new/tiny") == Set(Self.served.keys))
      let dataset = try Dataset(
        imagesPath: folder + "/new/tiny/images-ubyte.gz",
        labelsPath: folder + "/new/tiny/labels-ubyte.gz")
      #expect(dataset.labels == [3, 1, 0, 9])
      let told = fractions.withLock { $0 }
      #expect(told == told.sorted() && told.last == 1 && told[0] > 0)
    }
  }

  @Test(arguments: ["images-ubyte", "images.ubyte", "images-ubyte.gz"])
  func `what is there and right stays, under any of its names`(name: String) throws {
    try withTemporaryFolder { folder in
      let content = name.hasSuffix(".gz") ? Self.compressed : Data(Self.images)
      try content.write(to: URL(fileURLWithPath: folder + "/" + name))
      let mirror = FakeMirror(files: Self.served, behaviours: ["a": .good])
      let outcomes = try Self.download(to: folder, from: mirror, ["a"]).run()
      #expect(outcomes.map(\.name) == [name, "labels-ubyte.gz"])
      #expect(outcomes.map(\.outcome) == [.present, .downloaded])
      #expect(mirror.requests == ["a labels-ubyte.gz 0"])
    }
  }

  @Test func `a damaged download is replaced`() throws {
    try withTemporaryFolder { folder in
      try Self.compressed.dropLast().write(
        to: URL(fileURLWithPath: folder + "/images-ubyte.gz"))
      let mirror = FakeMirror(files: Self.served, behaviours: ["a": .good])
      let outcomes = try Self.download(to: folder, from: mirror, ["a"]).run()
      #expect(outcomes[0].outcome == .downloaded)
      let path = URL(fileURLWithPath: folder + "/images-ubyte.gz")
      #expect(try Data(contentsOf: path) == Self.compressed)
    }
  }

  @Test func `a foreign file that would be taken for the right one is left alone, and named`()
    throws
  {
    try withTemporaryFolder { folder in
      try write([1, 2, 3], to: folder + "/labels-ubyte")
      let mirror = FakeMirror(files: Self.served, behaviours: ["a": .good])
      let error = try #require(throws: DatasetError.self) {
        try Self.download(to: folder, from: mirror, ["a"]).run()
      }
      #expect(error.description.hasPrefix(folder + "/labels-ubyte: is not the file of tiny"))
      #expect(mirror.requests.isEmpty)
      #expect(try Self.contents(of: folder) == ["labels-ubyte"])
    }
  }

  @Test func `the next mirror goes on where the last one broke off`() throws {
    try withTemporaryFolder { folder in
      let mirror = FakeMirror(
        files: Self.served, behaviours: ["a": .cut(after: 10), "b": .empty, "c": .good])
      _ = try Self.download(to: folder, from: mirror, ["a", "b", "c"]).run()
      #expect(
        mirror.requests.prefix(3) == [
          "a images-ubyte.gz 0", "b images-ubyte.gz 10", "c images-ubyte.gz 10",
        ])
      #expect(try Self.contents(of: folder) == Set(Self.served.keys))
    }
  }

  @Test(arguments: [FakeMirror.Behaviour.good, .withoutRanges])
  func `a later run goes on with what an earlier one left`(
    behaviour: FakeMirror.Behaviour
  ) throws {
    try withTemporaryFolder { folder in
      let broken = FakeMirror(files: Self.served, behaviours: ["a": .cut(after: 12)])
      #expect(throws: DatasetError.self) {
        try Self.download(to: folder, from: broken, ["a"]).run()
      }
      #expect(try Self.contents(of: folder) == ["images-ubyte.gz.partial"])
      let mirror = FakeMirror(files: Self.served, behaviours: ["a": behaviour])
      _ = try Self.download(to: folder, from: mirror, ["a"]).run()
      #expect(mirror.requests == ["a images-ubyte.gz 12", "a labels-ubyte.gz 0"])
      #expect(try Self.contents(of: folder) == Set(Self.served.keys))
    }
  }

  @Test(arguments: [
    ("nonsense", Array("nonsense".utf8), 2), ("too long", [UInt8](repeating: 7, count: 100), 2),
    ("whole", Array(compressed), 0),
  ])
  func `what an earlier run left may be anything`(
    kind: String, partial: [UInt8], requestCount: Int
  ) throws {
    try withTemporaryFolder { folder in
      try write(partial, to: folder + "/images-ubyte.gz.partial")
      let mirror = FakeMirror(files: Self.served, behaviours: ["a": .good])
      _ = try Self.download(to: folder, from: mirror, ["a"]).run()
      #expect(mirror.requests.count { $0.contains("images") } == requestCount)
      let path = URL(fileURLWithPath: folder + "/images-ubyte.gz")
      #expect(try Data(contentsOf: path) == Self.compressed)
      #expect(try Self.contents(of: folder) == Set(Self.served.keys))
    }
  }

  @Test(arguments: [
    (FakeMirror.Behaviour.empty, "answers with HTTP status 404"),
    (.wrong, "its SHA-256 differs"),
    (.endless, "sends more than"),
    (.cut(after: 3), "the connection broke off"),
  ])
  func `when all mirrors fail, it says why each did`(
    behaviour: FakeMirror.Behaviour, reason: String
  ) throws {
    try withTemporaryFolder { folder in
      let mirror = FakeMirror(files: Self.served, behaviours: ["a": behaviour])
      let error = try #require(throws: DatasetError.self) {
        try Self.download(to: folder, from: mirror, ["a", "nowhere"]).run()
      }
      #expect(error.code == .unavailable)
      #expect(error.message.contains("https://a/folder/images-ubyte.gz: "), "\(error)")
      #expect(error.message.contains(reason), "\(error)")
      #expect(
        error.message.contains("https://nowhere/folder/images-ubyte.gz: the host"), "\(error)")
      #expect(error.message.contains("--mirror"))
      #expect(!(try Self.contents(of: folder)).contains("images-ubyte.gz"))
    }
  }

  @Test func `a folder that cannot be made is named`() throws {
    try withTemporaryFolder { folder in
      try write([1], to: folder + "/file")
      let mirror = FakeMirror(files: Self.served, behaviours: [:])
      let error = try #require(throws: DatasetError.self) {
        try Self.download(to: folder + "/file/tiny", from: mirror, ["a"]).run()
      }
      #expect(error.code == .unwritable)
      #expect(error.description.hasPrefix(folder + "/file/tiny: "))
    }
  }

  @Test func `MNIST goes where it is looked for first`() throws {
    try withTemporaryFolder { folder in
      func place(_ explicit: String?) throws -> String {
        let locator = DatasetLocator(
          explicitFolder: explicit, environment: ["BBBPRUNE_DATA": folder, "HOME": "/home/u"])
        return try DatasetDownload.mnist(locator: locator).folder
      }
      #expect(try place("/data") == "/data/mnist")
      #expect(try place(nil) == folder + "/mnist")
      // A folder that holds some of the files itself.
      try write(TinyDigits.labelsFile, to: folder + "/t10k-labels.idx1-ubyte")
      #expect(try place(nil) == folder)
      #expect(throws: DatasetError.self) {
        try DatasetDownload.mnist(locator: DatasetLocator(explicitFolder: nil, environment: [:]))
      }
    }
  }
}
