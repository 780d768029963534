import BBBZlib
import Foundation

/// An uncompressed IDX file.
func idx(type: UInt8 = 0x08, shape: [Int], elements: [UInt8]) -> [UInt8] {
  [0, 0, type, UInt8(shape.count)]
    + shape.flatMap { extent in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: extent >> $0) } }
    + elements
}

func write(_ bytes: [UInt8], to path: String) throws {
  let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  try Data(bytes).write(to: URL(fileURLWithPath: path))
}

/// Four images of 2×3 bytes, and their labels.
enum TinyDigits {
  static let pixels = (0..<24).map { UInt8($0 * 10) }
  static let labels: [UInt8] = [3, 1, 0, 9]
  static let imagesFile = idx(shape: [4, 2, 3], elements: pixels)
  static let labelsFile = idx(shape: [4], elements: labels)
}

func gzipped(_ bytes: [UInt8]) -> [UInt8] {
  deflate(bytes.span.bytes, container: .gzip)
}
