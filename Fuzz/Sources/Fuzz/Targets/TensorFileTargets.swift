import Foundation

@testable import BBBTensors

extension FuzzTarget {
  /// Safetensors files.
  static let safetensors = FuzzTarget(
    name: "safetensors", test: testTensorFile,
    seeds: { fixtures in
      let tensors = ElementType.safetensorsTypes.map { type in
        "\"\(type)\":{\"dtype\":\"\(type)\",\"shape\":[0],\"data_offsets\":[0,0]}"
      }
      let headers = [
        "{}", "{\"__metadata__\":{\"a\":\"\\u00e9\\ud83d\\ude00\\n\"}}   ",
        "{\(tensors.joined(separator: ","))}",
      ]
      return fixtures.named(".safetensors")
        + headers.map { [UInt8](littleEndian: $0.utf8.count, byteCount: 8) + Array($0.utf8) }
    },
    dictionary: [
      "\"dtype\":", "\"shape\":", "\"data_offsets\":", "\"__metadata__\":", "\\ud83d\\ude00", "[0]",
    ] + ElementType.safetensorsTypes.map { "\"\($0)\"" })

  /// NPY files.
  static let npy = FuzzTarget(
    name: "npy", test: testNPY, seeds: { $0.named(".npy") }, dictionary: arrayWords)

  /// NPZ files: the arrays in an archive of any make, and what stands around them.
  static let npz = FuzzTarget(
    name: "npz", test: testTensorFile,
    seeds: { fixtures in
      let archives = fixtures.named(".npz")
      return archives + archives.compactMap(withWideNumbers) + [
        Array(ZipEncoder().finished())
      ]
    },
    dictionary: arrayWords + [".npy", "PK\u{1}\u{2}", "PK\u{3}\u{4}", "PK\u{5}\u{6}"],
    container: ZipMembers.self)

  private static let arrayWords = [
    "'descr': ", "'fortran_order': ", "True", "False", "'shape': ", "(2, 3), ", "<f2", ">f4", "<f8",
    "|b1", "|u1", ">i8", "<u8", "<c8", "<U3", "|S5", "|V4", "<M8[ns]", "|O", "\u{93}NUMPY",
  ]

  /// The archive with an end record of 64-bit numbers, as writers of large ones add.
  private static func withWideNumbers(_ archive: [UInt8]) -> [UInt8]? {
    let endSize = 22
    let end = archive.count - endSize
    guard let memberCount = archive.littleEndian(at: end + 10, byteCount: 2),
      let size = archive.littleEndian(at: end + 12, byteCount: 4),
      let start = archive.littleEndian(at: end + 16, byteCount: 4)
    else { return nil }
    func wide(_ number: Int) -> [UInt8] { [UInt8](littleEndian: number, byteCount: 8) }
    let record =
      [0x50, 0x4B, 6, 6] + wide(44) + [45, 0, 45, 0] + wide(0) + wide(memberCount)
      + wide(memberCount) + wide(size) + wide(start)
    let locator = [0x50, 0x4B, 6, 7, 0, 0, 0, 0] + wide(end) + [1, 0, 0, 0]
    return archive[..<end] + record + locator + archive[end...]
  }
}
