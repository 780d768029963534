import BBBDatasets
import BBBNetwork
import Foundation
import TestSupport
import Testing

/// Folders of pictures as examples.
struct ImageFolderTests {
  static let colour = "input 3 2 2; conv = convolution 2 1x1; flatten; fc = linear 2"
  static let grey = "input 1 2 2; conv = convolution 2 1x1; flatten; fc = linear 2"

  /// Whether libpng is there, which reads the pictures of these tests.
  static let readsPNG: Bool = {
    var isThere = true
    try? withTemporaryFolder { folder in
      try write(onePixel(1), to: folder + "/a/1.png")
      do {
        _ = try load(folder, "1-1")
      } catch {
        isThere = (error as? DatasetError)?.code != .missingLibrary
      }
    }
    return isThere
  }()

  static let remedy: Comment = "install libpng (apt-get install libpng16-16)"

  static func onePixel(_ grey: UInt8) -> [UInt8] {
    SmallPNG.file(width: 1, rows: [[grey]], color: .grey)
  }

  static func load(
    _ folder: String, _ text: String, _ sizing: ImageSizing = ImageSizing(), classes: Int = 1
  ) throws -> Dataset {
    try Dataset(
      imagesInFolder: folder, sizing: sizing, for: InputForm(of: try Network(text: text)),
      classCount: classes, threadCount: 2)
  }

  static func bytes(_ dataset: Dataset) -> [UInt8] {
    if case .bytes(let bytes) = dataset.inputs { bytes } else { [] }
  }

  @Test(.enabled(if: readsPNG, remedy))
  func `folders are classes in the order of their names, files follow in theirs`() throws {
    try withTemporaryFolder { folder in
      // By code points capitals go before small letters, and 10 before 9.
      for (number, name) in [
        "Zoo/b.PNG", "Zoo/sub/a.png", "Zoo/c.png", "a10/1.png", "a9/1.png",
      ].enumerated() {
        try write(Self.onePixel(UInt8(number)), to: folder + "/" + name)
      }
      try write([1], to: folder + "/a9/notes.txt")
      try write([1], to: folder + "/.hidden/1.png")
      let dataset = try Self.load(folder, "1-3", classes: 3)
      #expect(Self.bytes(dataset) == [0, 2, 1, 3, 4])
      #expect(dataset.labels == [0, 0, 0, 1, 2])
      #expect(dataset.exampleShape == [1, 1, 1])
      #expect(dataset.name == folder && dataset.files == [folder])
    }
  }

  @Test(.enabled(if: readsPNG, remedy))
  func `channels are those of the network, where it has them`() throws {
    try withTemporaryFolder { folder in
      let rows: [[UInt8]] = [[255, 0, 0, 0, 255, 0], [0, 0, 255, 10, 20, 30]]
      try write(
        SmallPNG.file(width: 2, rows: rows, color: .rgb), to: folder + "/a/1.png")
      #expect(
        Self.bytes(try Self.load(folder, Self.colour))
          == [255, 0, 0, 10, 0, 255, 0, 20, 0, 0, 255, 30])
      let last = try Self.load(
        folder, "input 2 2 3; transpose 2 0 1; conv = convolution 2 1x1; flatten; fc = linear 2")
      #expect(Self.bytes(last) == rows.flatMap(\.self))
      #expect(last.exampleShape == [2, 2, 3])
      // 0.299 red + 0.587 green + 0.114 blue.
      #expect(Self.bytes(try Self.load(folder, Self.grey)) == [76, 150, 29, 18])
    }
  }

  @Test(
    .enabled(if: readsPNG, remedy),
    arguments: [
      // Grey of fewer bits uses the whole range; the upper byte of two counts; alpha and order are left out.
      (SmallPNG.file(width: 4, rows: [[0b0101_0000]], color: .grey, depth: 1), [0, 255, 0, 255]),
      (SmallPNG.file(width: 4, rows: [[0b0001_1011]], color: .grey, depth: 2), [0, 85, 170, 255]),
      (SmallPNG.file(width: 4, rows: [[0x01, 0x2F]], color: .grey, depth: 4), [0, 17, 34, 255]),
      (
        SmallPNG.file(width: 4, rows: [[1, 200, 2, 0, 3, 0, 4, 0]], color: .grey, depth: 16),
        [1, 2, 3, 4]
      ),
      (
        SmallPNG.file(width: 4, rows: [[9, 0, 8, 255, 7, 3, 6, 0]], color: .greyAndAlpha),
        [9, 8, 7, 6]
      ),
      (
        SmallPNG.file(
          width: 4, rows: [[0b0001_1011]], color: .palette, depth: 2,
          palette: [5, 5, 5, 6, 6, 6, 7, 7, 7, 8, 8, 8]), [5, 6, 7, 8]
      ),
      (
        SmallPNG.file(
          width: 4, rows: [[1, 1, 1, 0, 2, 2, 2, 9, 3, 3, 3, 0, 4, 4, 4, 0]], color: .rgbAndAlpha),
        [1, 2, 3, 4]
      ),
    ] as [([UInt8], [UInt8])])
  func `every kind of PNG is read`(file: [UInt8], grey: [UInt8]) throws {
    try withTemporaryFolder { folder in
      try write(file, to: folder + "/a/1.png")
      let text = "input 1 1 4; conv = convolution 1 1x1; flatten"
      #expect(Self.bytes(try Self.load(folder, text)) == grey)
      let colour = try Self.load(folder, "input 3 1 4; conv = convolution 1 1x1; flatten")
      #expect(Self.bytes(colour) == grey + grey + grey)
    }
  }

  @Test(.enabled(if: readsPNG, remedy)) func `the middle of the picture is taken`() throws {
    try withTemporaryFolder { folder in
      try write(
        SmallPNG.file(
          width: 4, rows: (0..<3).map { row in (0..<4).map { UInt8(10 * row + $0) } },
          color: .grey), to: folder + "/a/1.png")
      // Nothing is resized where the shorter side has the length asked for; half a pixel goes to the even side.
      #expect(
        Self.bytes(try Self.load(folder, Self.grey, ImageSizing(resize: 3))) == [1, 2, 11, 12])
      let whole = try Self.load(folder, "input 1 3 4; conv = convolution 1 1x1; flatten")
      #expect(Self.bytes(whole) == [0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23])
    }
  }

  @Test(.enabled(if: readsPNG, remedy)) func `damaged files are named, the first of several`()
    throws
  {
    let good = SmallPNG.file(
      width: 2, rows: [[1, 2, 3, 4, 5, 6], [7, 8, 9, 1, 2, 3]], color: .rgb)
    var flipped = good
    flipped[45] ^= 0x10
    for bad in [[], Array("hello".utf8), Array(good.dropLast(20)), Array(good.prefix(30)), flipped]
    {
      try withTemporaryFolder { folder in
        try write(good, to: folder + "/a/1.png")
        try write(bad, to: folder + "/a/2.png")
        try write([1, 2, 3], to: folder + "/a/3.png")
        let error = try #require(throws: DatasetError.self) {
          try Self.load(folder, Self.colour)
        }
        #expect(error.code == .malformed && error.path == folder + "/a/2.png", "\(error)")
      }
    }
  }

  @Test(.enabled(if: readsPNG, remedy)) func `flipped bits end in a picture or a sentence`() throws
  {
    let good = SmallPNG.file(
      width: 2, rows: [[1, 2, 3, 4, 5, 6], [7, 8, 9, 1, 2, 3]], color: .rgb)
    var generator = SeededGenerator(seed: 5)
    try withTemporaryFolder { folder in
      for _ in 0..<300 {
        var bytes = good
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
          let place = Int.random(in: 8..<bytes.count, using: &generator)
          bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        }
        try write(bytes, to: folder + "/a/1.png")
        do {
          #expect(Self.bytes(try Self.load(folder, Self.colour)).count == 12)
        } catch let error as DatasetError {
          #expect(error.path.hasPrefix(folder))
        }
      }
    }
  }

  @Test func `other folders are refused`() throws {
    try withTemporaryFolder { folder in
      func sentence(classes: Int = 1, _ text: String = Self.colour) throws -> String {
        try #require(throws: DatasetError.self) {
          try Self.load(folder, text, classes: classes)
        }.message
      }
      #expect(try sentence().hasPrefix("holds no folders, one for each class"))
      try FileManager.default.createDirectory(
        atPath: folder + "/b", withIntermediateDirectories: true)
      #expect(try sentence().hasPrefix("holds no pictures"))
      try write([1], to: folder + "/a/1.webp")
      #expect(try sentence().hasPrefix("is a picture of a kind that is not read"))
      try FileManager.default.moveItem(
        atPath: folder + "/a/1.webp", toPath: folder + "/a/1.png")
      #expect(
        try sentence(classes: 3).hasPrefix("has 2 folders, but the network tells 3 classes apart"))
      #expect(try sentence(classes: 2).hasPrefix("is neither a PNG nor a JPEG file"))
      #expect(
        try sentence(classes: 2, "10-2").hasPrefix("holds pictures, but the network takes 10"))
    }
  }

  @Test(arguments: [
    (ImageSizing(crop: 3), "'--crop 3' makes pictures of 3×3"),
    (ImageSizing(resize: 1), "'--resize 1' makes pictures smaller than the 2×2"),
  ])
  func `sizes that the network does not take are refused`(
    sizing: ImageSizing, message: String
  ) throws {
    try withTemporaryFolder { folder in
      try write(Self.onePixel(1), to: folder + "/a/1.png")
      let error = try #require(throws: DatasetError.self) {
        try Self.load(folder, Self.colour, sizing)
      }
      #expect(error.message.hasPrefix(message), "\(error)")
    }
  }

  @Test(.enabled(if: readsPNG, remedy)) func `pictures without classes may lie anywhere`() throws {
    try withTemporaryFolder { folder in
      for number in 0..<6 {
        try write(
          Self.onePixel(UInt8(number)), to: folder + (number < 3 ? "/" : "/sub/") + "\(number).png")
      }
      let form = InputForm(of: try Network(text: "1-2"))
      let all = try UnlabelledExamples(
        imagesInFolder: folder, sizing: ImageSizing(), for: form)
      #expect(all.inputs == .bytes([0, 1, 2, 3, 4, 5]) && all.file == folder)
      let some = try UnlabelledExamples(
        imagesInFolder: folder, sizing: ImageSizing(), for: form, largestCount: 3)
      #expect(some.inputs == .bytes([0, 2, 4]))
    }
  }
}
