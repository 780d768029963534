/// A picture of bytes: rows of pixels, each grey or red, green and blue.
struct RasterImage: Equatable, Sendable {
  let width: Int
  let height: Int
  /// 1 for grey, 3 for red, green and blue.
  let channelCount: Int
  /// Row by row, pixel by pixel, channel by channel.
  let pixels: [UInt8]

  /// The picture in grey or in colour.
  ///
  /// Grey is the luminance of ITU-R BT.601, rounded as the Python Imaging Library rounds it.
  ///
  /// - Parameter count: 1 or 3 channels.
  /// - Returns: The picture with that many.
  func withChannels(_ count: Int) -> RasterImage {
    guard count != channelCount else { return self }
    let converted: [UInt8] =
      if count == 1 {
        stride(from: 0, to: pixels.count, by: 3).map { place in
          let (red, green, blue) = (pixels[place], pixels[place + 1], pixels[place + 2])
          let sum = 19595 * Int(red) + 38470 * Int(green) + 7471 * Int(blue)
          return UInt8((sum + 0x8000) >> 16)
        }
      } else {
        pixels.flatMap { [$0, $0, $0] }
      }
    return RasterImage(width: width, height: height, channelCount: count, pixels: converted)
  }

  /// A part of the picture.
  ///
  /// - Parameters:
  ///   - columns: Of which columns.
  ///   - rows: Of which rows.
  /// - Returns: The part.
  func cropped(columns: Range<Int>, rows: Range<Int>) -> RasterImage {
    guard columns.count < width || rows.count < height else { return self }
    var part: [UInt8] = []
    part.reserveCapacity(columns.count * rows.count * channelCount)
    for row in rows {
      let start = (row * width + columns.lowerBound) * channelCount
      part += pixels[start..<(start + columns.count * channelCount)]
    }
    return RasterImage(
      width: columns.count, height: rows.count, channelCount: channelCount, pixels: part)
  }

  /// The numbers of one channel after the other.
  var planes: [UInt8] {
    guard channelCount > 1 else { return pixels }
    return (0..<channelCount).flatMap { channel in
      stride(from: channel, to: pixels.count, by: channelCount).map { pixels[$0] }
    }
  }
}
