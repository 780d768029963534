/// Row-major positions of elements.
///
/// Shapes are of constants, so that their elements were counted before.
enum ElementPositions {
  /// The distances between neighbours along each axis, in elements.
  static func strides(of shape: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * max(shape[axis + 1], 1)
    }
    return strides
  }

  /// The positions that strides lead to, in the row-major order of a shape.
  static func strided(shape: [Int], strides: [Int], offset: Int = 0) -> [Int] {
    var positions = [offset]
    if shape.contains(0) { return [] }
    for (extent, stride) in zip(shape, strides) where extent > 1 {
      var next: [Int] = []
      next.reserveCapacity(positions.count * extent)
      for position in positions {
        for index in 0..<extent { next.append(position + index * stride) }
      }
      positions = next
    }
    return positions
  }

  /// For each element of a shape the position of the one that is broadcast to it.
  static func broadcast(_ shape: [Int], to target: [Int]) -> [Int] {
    let missing = target.count - shape.count
    let strides = strides(of: shape)
    return strided(
      shape: target,
      strides: target.indices.map { axis in
        axis < missing || shape[axis - missing] == 1 ? 0 : strides[axis - missing]
      })
  }

  /// A shape seen from one axis: the elements before it, along it, and behind each of its indices.
  static func split(
    _ shape: [Int], at axis: Int
  ) -> (outer: Int, extent: Int, inner: Int) {
    (shape[..<axis].reduce(1, *), shape[axis], shape[(axis + 1)...].reduce(1, *))
  }
}
