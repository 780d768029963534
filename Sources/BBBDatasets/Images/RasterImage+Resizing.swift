extension RasterImage {
  /// The picture in another size: bilinear, and where it becomes smaller each pixel is a mean of all that it stands for.
  ///
  /// Columns first, then rows, in the fixed-point arithmetic of the Python Imaging Library, so that pixels are the same.
  ///
  /// - Parameters:
  ///   - newWidth: The number of columns, at least 1.
  ///   - newHeight: The number of rows, at least 1.
  /// - Returns: The picture in that size.
  func resized(width newWidth: Int, height newHeight: Int) -> RasterImage {
    var image = self
    if newWidth != width {
      let filter = ResamplingFilter(from: width, to: newWidth)
      image = image.resampled(
        filter, width: newWidth, height: height, step: channelCount
      ) { column, row in
        (row * image.width + column) * image.channelCount
      }
    }
    if newHeight != height {
      let filter = ResamplingFilter(from: height, to: newHeight)
      image = image.resampled(
        filter, width: newWidth, height: newHeight, step: newWidth * channelCount, alongRows: true
      ) { column, row in (row * newWidth + column) * image.channelCount }
    }
    return image
  }

  /// Weighted sums along one axis.
  private func resampled(
    _ filter: ResamplingFilter, width: Int, height: Int, step: Int, alongRows: Bool = false,
    _ place: (_ column: Int, _ row: Int) -> Int
  ) -> RasterImage {
    let source = pixels
    let result = [UInt8](unsafeUninitializedCapacity: width * height * channelCount) {
      target, count in
      source.withUnsafeBufferPointer { source in
        filter.weights.withUnsafeBufferPointer { weights in
          for row in 0..<height {
            for column in 0..<width {
              let target0 = (row * width + column) * channelCount
              let output = alongRows ? row : column
              let first = filter.first[output]
              let run = filter.starts[output]..<filter.starts[output + 1]
              let start = alongRows ? place(column, first) : place(first, row)
              for channel in 0..<channelCount {
                var sum = ResamplingFilter.half
                var from = start + channel
                for index in run {
                  sum += Int(source[from]) * weights[index]
                  from += step
                }
                target.initializeElement(
                  at: target0 + channel,
                  to: UInt8(clamping: sum >> ResamplingFilter.fractionBits))
              }
            }
          }
        }
      }
      count = target.count
    }
    return RasterImage(width: width, height: height, channelCount: channelCount, pixels: result)
  }
}

/// For each pixel of a row in its new size, the old ones that it is the mean of, and their weights: a triangle as wide as
/// two pixels of the coarser of both sizes.
private struct ResamplingFilter {
  /// The binary digits of a weight behind the point.
  static let fractionBits = 22
  /// One half, so that what is cut off is rounded.
  static let half = 1 << (fractionBits - 1)

  /// The first old pixel of each new one.
  private(set) var first: [Int] = []
  /// Where the weights of each new pixel begin, and behind the last of them where they end.
  private(set) var starts = [0]
  private(set) var weights: [Int] = []

  init(from oldCount: Int, to newCount: Int) {
    let scale = Double(oldCount) / Double(newCount)
    let reach = max(scale, 1)
    for pixel in 0..<newCount {
      let centre = (Double(pixel) + 0.5) * scale
      let begin = max(0, Int(centre - reach + 0.5))
      let end = min(oldCount, Int(centre + reach + 0.5))
      let heights = (begin..<end).map { old in
        max(0, 1 - abs((Double(old) - centre + 0.5) * (1 / reach)))
      }
      let sum = heights.reduce(0, +)
      first.append(begin)
      weights += heights.map { Int(0.5 + $0 / sum * Double(1 << Self.fractionBits)) }
      starts.append(weights.count)
    }
  }
}
