/// Where the batch is in a shape of which all extents are numbers, because the file was exported for
/// some number of examples.
struct FrozenBatch {
  /// The number of examples.
  let size: Int
  /// How many times that is the extent of the axis.
  let multiple: Int
  let axis: Int
  let shape: [Int]

  /// The elements before each axis, as a product of extents.
  private static func outer(_ shape: [Int]) -> [Int] {
    var product = 1
    return shape.map { extent in
      defer { product *= extent }
      return product
    }
  }

  /// The elements before the examples: where the batch was joined with other axes, it may have been the
  /// first or the last of them.
  private var before: Set<Int> {
    let before = Self.outer(shape)[axis]
    return [before, before * multiple]
  }

  /// The axes of a shape that have an extent, and that many elements before them.
  private func axes(of other: [Int], extent: Int, before: Set<Int>) -> [Int] {
    zip(other, Self.outer(other)).enumerated()
      .filter { $0.element.0 == extent && before.contains($0.element.1) }.map(\.offset)
  }

  /// The axis of a shape of as many elements that holds the batch; `nil` if it cannot be told.
  ///
  /// The batch is an axis of its own if there is one that can be it, else what it was, else joined with
  /// others.
  func axis(in target: [Int]) -> Int? {
    let own = axes(of: target, extent: size, before: before)
    if own.count == 1 { return own[0] }
    if own.count > 1 {
      // Among axes of extent 1 it is the one at the same place, if there are as many as before.
      let source = axes(of: shape, extent: size, before: before)
      return source.count == own.count ? source.firstIndex(of: axis).map { own[$0] } : nil
    }
    let same = axes(of: target, extent: size * multiple, before: [Self.outer(shape)[axis]])
    if same.count == 1 { return same[0] }
    let joined = zip(target, Self.outer(target)).enumerated().filter { _, extents in
      before.contains { before in
        before % extents.1 == 0 && extents.0 % (before / extents.1 * size) == 0
      }
    }.map(\.offset)
    guard joined.count > 1 else { return joined.first }
    // Between two axes it goes to the one before: the last one is that of the features, which stay by themselves.
    let outer = joined.filter { $0 < target.count - 1 }
    return outer.contains(axis) ? axis : outer.count == 1 ? outer[0] : nil
  }
}
