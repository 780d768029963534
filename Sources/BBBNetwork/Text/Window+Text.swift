extension Window {
  /// Kernel, stride, padding and dilation as they are written.
  ///
  /// - Parameter defaultStride: Whether the stride is the kernel's extent where none is written, as for pools.
  /// - Returns: The words.
  func arguments(defaultStride: Bool) -> [String] {
    func text(_ numbers: [Int]) -> String {
      Set(numbers).count == 1
        ? "\(numbers[0])" : numbers.map(String.init).joined(separator: "x")
    }
    var words = [axes.map { "\($0.extent)" }.joined(separator: "x")]
    let strides = axes.map(\.stride)
    if strides != (defaultStride ? axes.map(\.extent) : axes.map { _ in 1 }) {
      words += ["stride", text(strides)]
    }
    if hasPadding {
      let paddings = axes.map { axis in
        axis.paddingBefore == axis.paddingAfter
          ? "\(axis.paddingBefore)" : "\(axis.paddingBefore):\(axis.paddingAfter)"
      }
      words += [
        "pad", Set(paddings).count == 1 ? paddings[0] : paddings.joined(separator: "x"),
      ]
    }
    if axes.contains(where: { $0.dilation > 1 }) {
      words += ["dilation", text(axes.map(\.dilation))]
    }
    return words
  }
}

extension TextWords {
  /// A kernel, and what is said of its movement.
  mutating func window(strideIsExtent: Bool) throws(NetworkError) -> Window {
    let kernel = try next("the kernel's extents, such as 5x5,")
    let extents = try Self.numbers(kernel, "the kernel's extents, such as 5x5", atLeast: 1)
    guard extents.count <= 3 else {
      throw NetworkError(.syntax, "a kernel has one to three axes, and '\(kernel)' has more")
    }
    func spread(_ numbers: [Int], _ what: String) throws(NetworkError) -> [Int] {
      if numbers.count == extents.count { return numbers }
      guard numbers.count == 1 else {
        throw NetworkError(
          .syntax, "\(what) has \(numbers.count) numbers for a kernel of \(extents.count) axes")
      }
      return extents.map { _ in numbers[0] }
    }
    var strides = strideIsExtent ? extents : extents.map { _ in 1 }
    var dilations = extents.map { _ in 1 }
    var before = extents.map { _ in 0 }
    var after = before
    while true {
      if take("stride") {
        strides = try spread(
          Self.numbers(next("the stride"), "the stride", atLeast: 1), "the stride")
      } else if take("dilation") {
        dilations = try spread(
          Self.numbers(next("the dilation"), "the dilation", atLeast: 1), "the dilation")
      } else if take("pad") {
        let word = try next("the padding")
        let sides = word.split(separator: "x", omittingEmptySubsequences: false)
          .map { $0.split(separator: ":", omittingEmptySubsequences: false).map(String.init) }
        guard sides.allSatisfy({ $0.count <= 2 }) else {
          throw NetworkError(.syntax, "'\(word)' is to be the padding, such as 2, 2x1 or 0:1")
        }
        func side(_ index: Int) throws(NetworkError) -> [Int] {
          var numbers: [Int] = []
          for side in sides {
            numbers += try Self.numbers(side[min(index, side.count - 1)], "the padding", atLeast: 0)
          }
          return numbers
        }
        before = try spread(side(0), "the padding")
        after = try spread(side(1), "the padding")
      } else {
        break
      }
    }
    return Window(
      extents.indices.map {
        Window.Axis(
          extents[$0], stride: strides[$0], dilation: dilations[$0], paddingBefore: before[$0],
          paddingAfter: after[$0])
      })
  }

  /// More cells or positions than any window has.
  private static var largest: Int { 1 << 16 }

  private static func numbers(
    _ word: String, _ what: String, atLeast least: Int
  ) throws(NetworkError) -> [Int] {
    let parts = word.split(separator: "x", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Int($0) }
    guard numbers.count == parts.count, numbers.allSatisfy({ (least...largest).contains($0) })
    else {
      throw NetworkError(
        .syntax, "'\(word)' is to be \(what): numbers from \(least) to \(largest), x between")
    }
    return numbers
  }
}
