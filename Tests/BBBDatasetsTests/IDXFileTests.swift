import BBBDatasets
import BBBZlib
import TestSupport
import Testing

struct IDXFileTests {
  @Test func `reads a plain file`() throws {
    let file = try IDXFile(bytes: TinyDigits.imagesFile, path: "images")
    #expect(file.elementType == .uint8)
    #expect(file.shape == [4, 2, 3])
    #expect(file.bytes == TinyDigits.pixels)
  }

  @Test func `reads a gzipped file, whatever its name`() throws {
    let file = try IDXFile(bytes: gzipped(TinyDigits.imagesFile), path: "images")
    #expect(file.shape == [4, 2, 3])
    #expect(file.bytes == TinyDigits.pixels)
  }

  @Test(arguments: [
    (UInt8(0x09), 1), (0x0B, 2), (0x0C, 4), (0x0D, 4), (0x0E, 8),
  ])
  func `knows the size of every element type`(type: UInt8, byteCount: Int) throws {
    let elements = (0..<(3 * byteCount)).map { UInt8($0) }
    let file = try IDXFile(bytes: idx(type: type, shape: [3], elements: elements), path: "f")
    #expect(file.elementType.rawValue == type)
    #expect(file.bytes == elements)
    #expect(throws: DatasetError.self) {
      try IDXFile(bytes: idx(type: type, shape: [3], elements: elements.dropLast()), path: "f")
    }
  }

  /// A file that lies, and words of the message that tell so.
  struct Lie: CustomTestStringConvertible, Sendable {
    var name: String
    var bytes: [UInt8]
    var message: String

    var testDescription: String { name }
  }

  static let lies: [Lie] = {
    let images = TinyDigits.imagesFile
    let packed = gzipped(images)
    let huge = 0xFFFF_FFFF
    // 47 MB announced, 1 MB there: more than so small a file could hold.
    let promise = gzipped(
      idx(shape: [60000, 28, 28], elements: [UInt8](repeating: 0, count: 1 << 20)))
    var lengthLie = packed
    lengthLie[lengthLie.count - 1] ^= 0x40
    var checksumLie = packed
    checksumLie[checksumLie.count - 6] ^= 1
    return [
      Lie(name: "empty", bytes: [], message: "holds 0 bytes"),
      Lie(name: "three bytes", bytes: [0, 0, 8], message: "holds 3 bytes"),
      Lie(name: "a PNG", bytes: [0x89, 0x50, 0x4E, 0x47, 0, 0], message: "not an IDX file"),
      Lie(
        name: "unknown type", bytes: idx(type: 0x0A, shape: [1], elements: [1]),
        message: "begins with the bytes 0 0 10"),
      Lie(name: "extents cut off", bytes: [0, 0, 8, 3, 0, 0, 0, 1], message: "the 3 extents"),
      Lie(name: "rank 255, no extents", bytes: [0, 0, 8, 255], message: "the 255 extents"),
      Lie(
        name: "extent 0", bytes: idx(shape: [4, 0], elements: []),
        message: "dimension 1 has the extent 0"),
      Lie(name: "one byte short", bytes: images.dropLast(), message: "a file of 40 bytes"),
      Lie(name: "one byte more", bytes: images + [0], message: "the file has 41"),
      Lie(name: "one byte before", bytes: [0] + images, message: "not an IDX file"),
      Lie(
        name: "extents of 18 EB", bytes: idx(shape: [huge, huge], elements: [1]),
        message: "more than the file can hold"),
      Lie(
        name: "extents that overflow to 0",
        bytes: idx(shape: [1 << 31, 1 << 31, 4], elements: []),
        message: "more than the file can hold"),
      Lie(
        name: "header and elements overflow together",
        // 2⁶³ − 1 elements.
        bytes: idx(shape: [49, 218_934_409, 859_764_727], elements: []),
        message: "more than the file can hold"),
      Lie(
        name: "gzipped: extents beyond what deflate can reach",
        bytes: gzipped(idx(shape: [huge, 100], elements: [1, 2, 3])),
        message: "more than the file can hold"),
      Lie(
        name: "gzipped: promises more than the stream has", bytes: promise,
        message: "more than the file can hold"),
      Lie(
        name: "gzipped: one element short", bytes: gzipped(images.dropLast()),
        message: "ends before the elements"),
      Lie(name: "gzipped: one byte more", bytes: gzipped(images + [0]), message: "goes on behind"),
      Lie(
        name: "gzip bomb: inflates to 64 MB behind 24 elements",
        bytes: gzipped(images + [UInt8](repeating: 0, count: 64 << 20)), message: "goes on behind"),
      Lie(name: "gzip, then one byte", bytes: packed + [0], message: "goes on behind"),
      Lie(name: "gzip, then a second gzip", bytes: packed + packed, message: "goes on behind"),
      Lie(name: "gzip whose length trailer lies", bytes: lengthLie, message: "is corrupt"),
      Lie(name: "gzip whose checksum lies", bytes: checksumLie, message: "is corrupt"),
      Lie(name: "gzip of nothing", bytes: gzipped([]), message: "holds 0 bytes"),
      Lie(name: "gzip magic only", bytes: [0x1F, 0x8B], message: "holds 0 bytes"),
    ]
  }()

  @Test(arguments: lies)
  func `refuses a file that lies, and says why`(lie: Lie) throws {
    let error = try #require(throws: DatasetError.self) {
      try IDXFile(bytes: lie.bytes, path: "digits.idx")
    }
    #expect(error.code == .malformed)
    #expect(error.description.hasPrefix("digits.idx: "))
    #expect(error.message.contains(lie.message), "\(error.message)")
  }

  @Test(arguments: [false, true])
  func `refuses every file that is cut off`(isCompressed: Bool) throws {
    var random = SeededGenerator(seed: 1)
    let pixels = (0..<5000).map { _ in UInt8.random(in: 0...255, using: &random) }
    let plain = idx(shape: [50, 10, 10], elements: pixels)
    let whole = isCompressed ? gzipped(plain) : plain
    #expect(try IDXFile(bytes: whole, path: "f").bytes == pixels)
    for part in 0..<50 {
      let cut = Array(whole.prefix(whole.count * part / 50))
      #expect(throws: DatasetError.self, "\(part)/50") { try IDXFile(bytes: cut, path: "f") }
    }
  }

  @Test(arguments: [false, true])
  func `survives a thousand flipped bits`(isCompressed: Bool) throws {
    let seed: UInt64 = 20_260_101
    var random = SeededGenerator(seed: seed)
    let plain = idx(
      shape: [20, 5, 5], elements: (0..<500).map { UInt8(truncatingIfNeeded: $0 * $0) })
    let whole = isCompressed ? gzipped(plain) : plain
    var refusals = 0
    for _ in 0..<1000 {
      var damaged = whole
      let bit = Int.random(in: 0..<(whole.count * 8), using: &random)
      damaged[bit / 8] ^= 1 << UInt8(bit % 8)
      do {
        let file = try IDXFile(bytes: damaged, path: "f")
        // A pixel, or a field of the gzip header that nothing depends on, may change unnoticed.
        #expect(
          file.shape.reduce(file.elementType.byteCount, *) == file.bytes.count, "seed \(seed)")
        if isCompressed { #expect(file.bytes == Array(plain.dropFirst(16)), "seed \(seed)") }
      } catch {
        refusals += 1
      }
    }
    #expect(refusals > (isCompressed ? 900 : 10))
    #expect(refusals < 1000)
  }

  @Test func `says so when there is no file`() throws {
    let error = try #require(throws: DatasetError.self) {
      try IDXFile(contentsOf: "/nowhere/images")
    }
    #expect(error.code == .inaccessible)
    #expect(error.description.hasPrefix("/nowhere/images: cannot be read"))
  }
}
