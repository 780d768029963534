import BBBZlib
import Foundation
import Testing

@testable import BBBTensors

struct ZipArchiveTests {
  private static let arrays = zipArchive([
    "a.npy": npy(
      "{'descr': '<f4', 'fortran_order': False, 'shape': (4,), }", payload: fourFloats),
    "b.npy": npy(
      "{'descr': '<f4', 'fortran_order': False, 'shape': (4,), }", payload: fourFloats),
  ])

  /// Where the directory starts; its two entries have 51 bytes each.
  private static let directory = arrays.count - 22 - 2 * 51

  private static let deflated = zipArchive(
    [
      "a.npy": npy(
        "{'descr': '|u1', 'fortran_order': False, 'shape': (20000,), }",
        payload: Data((0..<20_000).map { UInt8(truncatingIfNeeded: $0 * $0 >> 6) }))
    ], isCompressed: true)

  private static let deflatedDirectory = deflated.count - 22 - 51

  /// The archive with an end record of 64 bits, as PyTorch writes it, patched before it is placed.
  private static func wide(_ patch: (Data) -> Data = { $0 }) -> Data {
    var record = Data([0x50, 0x4B, 6, 6])
    record.appendLittleEndian(UInt64(44))
    record.append(contentsOf: [30, 3, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    record.appendLittleEndian(UInt64(2))
    record.appendLittleEndian(UInt64(2))
    record.appendLittleEndian(UInt64(2 * 51))
    record.appendLittleEndian(UInt64(directory))
    record.append(contentsOf: [0x50, 0x4B, 6, 7, 0, 0, 0, 0])
    record.appendLittleEndian(UInt64(directory + 2 * 51))
    record.append(contentsOf: [1, 0, 0, 0])
    var end = Data([0x50, 0x4B, 5, 6, 0, 0, 0, 0])
    end.append(Data(repeating: 0xFF, count: 12))
    end.append(contentsOf: [0, 0])
    return arrays.prefix(directory + 2 * 51) + patch(record) + end
  }

  static let lies: [MalformedFile] = [
    MalformedFile("no end record", arrays.dropLast(), says: "no end record"),
    MalformedFile(
      "more members than the directory has room for",
      arrays.patched(-12, UInt16(3)).patched(
        -14, UInt16(3)), says: "not where its end record says"),
    MalformedFile(
      "members in another file", arrays.patched(-14, UInt16(1)), says: "split over several files"),
    MalformedFile("second disk", arrays.patched(-18, UInt16(1)), says: "split over several files"),
    MalformedFile(
      "directory beyond the file", arrays.patched(-6, UInt32.max - 1),
      says: "not where its end record says"),
    MalformedFile(
      "directory of another size", arrays.patched(-10, UInt32(50)),
      says: "not where its end record says"),
    MalformedFile(
      "fewer members than entries", arrays.patched(-12, UInt16(1)).patched(-14, UInt16(1)),
      says: "51 bytes too many"),
    MalformedFile("entry without signature", arrays.patched(directory, [0]), says: "signature"),
    MalformedFile("encrypted", arrays.patched(directory + 8, [1]), says: "encrypted"),
    MalformedFile("unknown method", arrays.patched(directory + 10, [12]), says: "than deflate"),
    MalformedFile(
      "stored in two sizes", arrays.patched(directory + 24, UInt32(1)), says: "size not its own"),
    MalformedFile(
      "member longer than the file", arrays.patched(directory + 20, UInt32(1 << 30)),
      says: "reaches into the directory"),
    MalformedFile(
      "member beyond the file", arrays.patched(directory + 42, UInt32(1 << 30)),
      says: "not where the directory says"),
    MalformedFile(
      "member inside another", arrays.patched(directory + 51 + 42, UInt32(0)), says: "overlap"),
    MalformedFile(
      "name twice", arrays.patched(directory + 51 + 46, Array("a".utf8)), says: "two members"),
    MalformedFile(
      "local name longer than the file", arrays.patched(26, UInt16.max),
      says: "reaches into the directory"),
    MalformedFile(
      "more than deflate can hold", deflated.patched(deflatedDirectory + 24, UInt32.max - 1),
      says: "compressed bytes can hold"),
    MalformedFile(
      "64-bit record elsewhere", wide { $0.patched(64, UInt64.max) }, says: "64-bit end record"),
    MalformedFile(
      "64-bit directory beyond the file", wide { $0.patched(48, UInt64.max) },
      says: "not where its end record says"),
    MalformedFile(
      "2⁶⁴ − 1 members", wide { $0.patched(24, UInt64.max).patched(32, UInt64.max) },
      says: "not where its end record says"),
    MalformedFile(
      "two end records that disagree", wide().patched(-14, UInt16(2)).patched(-12, UInt16(3)),
      says: "disagree"),
  ]

  @Test(arguments: lies)
  func `every lie is named`(_ file: MalformedFile) {
    let error = openingError(file.data)
    #expect(error?.message.contains(file.message) == true, "\(String(describing: error))")
  }

  @Test func `numbers of 64 bits are read`() throws {
    #expect(try TensorFile(data: Self.wide(), path: "test")["b"]?.floats() == [1, 2, 3, 4])
  }

  @Test func `a comment may follow`() throws {
    let comment = Data("PK\u{5}\u{6} is not the end".utf8)
    let data = Self.arrays.patched(-2, UInt16(comment.count)) + comment
    #expect(try TensorFile(data: data, path: "test")["a"]?.floats() == [1, 2, 3, 4])
  }

  @Test func `deflated members are inflated only when they are read`() throws {
    // Damage far behind the header passes unnoticed until the numbers are wanted.
    let middle = Self.deflatedDirectory / 2
    let damaged = Self.deflated.patched(middle, [Self.deflated[middle] ^ 0x10])
    let tensor = try #require(try TensorFile(data: damaged, path: "test")["a"])
    #expect(tensor.count == 20_000)
    #expect(throws: TensorFileError.self) { try tensor.loaded() }
    #expect(throws: TensorFileError.self) { try tensor.bytes() }
  }

  @Test func `a wrong checksum is found`() throws {
    let damaged = Self.deflated.patched(Self.deflatedDirectory + 16, UInt32(0))
    let tensor = try #require(try TensorFile(data: damaged, path: "test")["a"])
    let error = #expect(throws: TensorFileError.self) { try tensor.loaded() }
    #expect(error?.message.contains("checksum") == true)
  }

  @Test func `a deflated member of another length is refused`() throws {
    let shorter = npy(
      "{'descr': '|u1', 'fortran_order': False, 'shape': (20001,), }", payload: Data(count: 20_000))
    var archive = zipArchive(["a.npy": shorter], isCompressed: true)
    archive = archive.patched(archive.count - 22 - 51 + 24, UInt32(shorter.count + 1))
    let tensor = try #require(try TensorFile(data: archive, path: "test")["a"])
    let error = #expect(throws: TensorFileError.self) { try tensor.loaded() }
    #expect(error?.message.contains("ends too early") == true)
  }
}
