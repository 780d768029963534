import BBBKernels

/// What the rows of a convolution read: (columns, positions × examples).
enum Patches {
  /// Room for each thread.
  static func scratch(_ count: Int, threadCount: Int) -> [AlignedBuffer<Float>] {
    (0..<max(threadCount, 1)).map { _ in AlignedBuffer(repeating: 0, count: count) }
  }

  /// Gathers the patches of some positions.
  ///
  /// - Parameters:
  ///   - matrix: The matrix.
  ///   - input: The first channel of the group.
  ///   - width: The number of examples.
  ///   - positions: Output positions.
  ///   - patches: Where they go: a line for each column.
  static func gather(
    _ matrix: MatrixPlan, _ input: UnsafePointer<Float>, width: Int,
    positions: some RandomAccessCollection<Int>, into patches: UnsafeMutablePointer<Float>
  ) {
    let length = positions.count * width
    for channel in 0..<matrix.channels {
      let source = input + channel * matrix.inputPositions * width
      for tap in 0..<matrix.taps {
        var target = patches + (channel * matrix.taps + tap) * length
        for position in positions {
          let place = matrix.source(position, tap)
          if place < 0 {
            target.update(repeating: 0, count: width)
          } else {
            target.update(from: source + place * width, count: width)
          }
          target += width
        }
      }
    }
  }
}
