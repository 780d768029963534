/// How the windows of a convolution or pool lie in its input, one number for each spatial axis.
package struct ONNXWindow: Equatable, Sendable {
  /// Elements of a window.
  package var kernel: [Int]
  /// Distances between windows.
  package var strides: [Int]
  /// Distances between the elements of a window.
  package var dilations: [Int]
  /// Zeros before the input.
  package var padsBefore: [Int]
  /// Zeros behind it.
  package var padsAfter: [Int]
  /// Whether a last window may reach beyond the padding.
  package var isCeiling = false

  /// The extents of a window, gaps included.
  private var spans: [Int] { zip(kernel, dilations).map { ($0 - 1) * $1 + 1 } }

  /// The number of windows along each axis; `nil` if not even one fits.
  ///
  /// Numbers are at most 2³¹, so that none of the sums overflows.
  func outputExtents(of input: [Int]) -> [Int]? {
    var extents: [Int] = []
    for (axis, span) in spans.enumerated() {
      let room = input[axis] + padsBefore[axis] + padsAfter[axis] - span
      guard room >= 0 else { return nil }
      var count = room / strides[axis] + 1
      // A window that would begin in the padding behind the input is left out.
      if isCeiling, room % strides[axis] != 0,
        count * strides[axis] < input[axis] + padsBefore[axis]
      {
        count += 1
      }
      extents.append(count)
    }
    return extents
  }

  /// The extents that a transposed convolution makes.
  func transposedExtents(of input: [Int], outputPadding: [Int]) -> [Int] {
    spans.enumerated().map { axis, span in
      strides[axis] * (input[axis] - 1) + outputPadding[axis] + span - padsBefore[axis]
        - padsAfter[axis]
    }
  }

  /// Pads so that there are as many windows as input elements divided by the stride, rounded up.
  mutating func padToSame(_ input: [Int], isLowerFirst: Bool) {
    for (axis, span) in spans.enumerated() {
      let count = (input[axis] + strides[axis] - 1) / strides[axis]
      setPads(max(0, (count - 1) * strides[axis] + span - input[axis]), axis, isLowerFirst)
    }
  }

  /// Pads so that a transposed convolution makes given extents.
  mutating func padTransposed(
    _ input: [Int], to extents: [Int], outputPadding: [Int], isLowerFirst: Bool
  ) {
    for (axis, span) in spans.enumerated() {
      let unpadded = strides[axis] * (input[axis] - 1) + outputPadding[axis] + span
      setPads(max(0, unpadded - extents[axis]), axis, isLowerFirst)
    }
  }

  /// An odd pad is larger behind the input, or before it.
  private mutating func setPads(_ total: Int, _ axis: Int, _ isLowerFirst: Bool) {
    let smaller = total / 2
    padsBefore[axis] = isLowerFirst ? total - smaller : smaller
    padsAfter[axis] = isLowerFirst ? smaller : total - smaller
  }
}
