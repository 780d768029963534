import BBBZlib
import Foundation

/// Writes PNG files by the letter of the standard, whose pixels a test has chosen.
enum SmallPNG {
  /// What the bytes of a row are.
  enum Color: UInt8 {
    case grey = 0
    case rgb = 2
    case palette = 3
    case greyAndAlpha = 4
    case rgbAndAlpha = 6
  }

  /// A file.
  ///
  /// - Parameters:
  ///   - width: The number of columns.
  ///   - rows: The bytes of each row.
  ///   - color: What they are.
  ///   - depth: The bits of a sample.
  ///   - palette: Red, green and blue of each number.
  /// - Returns: Its bytes.
  static func file(
    width: Int, rows: [[UInt8]], color: Color, depth: UInt8 = 8, palette: [UInt8] = []
  ) -> [UInt8] {
    let header =
      number(width) + number(rows.count) + [depth, color.rawValue, 0, 0, 0]
    // A zero before each row: it is not filtered.
    let pixels: [UInt8] = rows.flatMap { row -> [UInt8] in [0] + row }
    return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
      + chunk("IHDR", header) + (palette.isEmpty ? [] : chunk("PLTE", palette))
      + chunk("IDAT", deflate(pixels.span.bytes, container: .zlib)) + chunk("IEND", [])
  }

  private static func number(_ number: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
  }

  private static func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
    let body = Array(name.utf8) + content
    return number(content.count) + body + number(Int(crc32(body.span.bytes)))
  }
}
