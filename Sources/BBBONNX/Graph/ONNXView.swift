/// How a constant's elements follow from those of the initializer that it comes from.
public enum ONNXView: Hashable, Sendable {
  /// Axis `i` of the result is axis `axes[i]` of what is viewed.
  case transposed(axes: [Int])
  /// The same elements in another shape.
  case reshaped([Int])
  /// The indices of a range along one axis.
  case sliced(axis: Int, range: Range<Int>)
  /// Some axes from their last index to their first.
  case reversed(axes: [Int])
  /// Runs of equal length of an axis in another order: the result's run `i` is `blocks[i]`.
  case reordered(axis: Int, blocks: [Int])
  /// The elements in another type.
  case converted(ONNXElementType)

  /// The shape of the result.
  func shape(of shape: [Int]) -> [Int] {
    switch self {
    case .transposed(let axes): return axes.map { shape[$0] }
    case .reshaped(let shape): return shape
    case .sliced(let axis, let range):
      var shape = shape
      shape[axis] = range.count
      return shape
    case .reversed, .converted, .reordered: return shape
    }
  }

  /// The position that each element of the result has in what is viewed; `nil` if they are the same.
  private func positions(in shape: [Int]) -> [Int]? {
    let strides = ElementPositions.strides(of: shape)
    switch self {
    case .transposed(let axes):
      return ElementPositions.strided(
        shape: self.shape(of: shape), strides: axes.map { strides[$0] })
    case .sliced(let axis, let range):
      return ElementPositions.strided(
        shape: self.shape(of: shape), strides: strides, offset: strides[axis] * range.lowerBound)
    case .reversed(let axes):
      return ElementPositions.strided(
        shape: shape,
        strides: strides.indices.map { axes.contains($0) ? -strides[$0] : strides[$0] },
        offset: axes.reduce(0) { $0 + (shape[$1] - 1) * strides[$1] })
    case .reordered(let axis, let blocks):
      let (outer, extent, inner) = ElementPositions.split(shape, at: axis)
      let length = extent / blocks.count * inner
      return (0..<outer).flatMap { part in
        blocks.flatMap { block in
          let first = (part * blocks.count + block) * length
          return first..<first + length
        }
      }
    case .reshaped, .converted: return nil
    }
  }

  /// The elements of the result in single precision.
  func applied(to elements: [Float], shape: [Int]) -> [Float] {
    if case .converted(let type) = self { return elements.map { Float(type.rounded(Double($0))) } }
    guard let positions = positions(in: shape) else { return elements }
    return positions.map { elements[$0] }
  }

  /// The elements of the result.
  func applied(to elements: ONNXElements, shape: [Int]) -> ONNXElements {
    if case .converted(let type) = self, case .reals(let reals) = elements {
      return .reals(reals.map(type.rounded))
    }
    guard let positions = positions(in: shape) else { return elements }
    return elements.gathered(at: positions)
  }
}

extension [ONNXView] {
  /// The views with one more behind them, joined with the last one where the two are one.
  func appending(_ view: ONNXView, to shape: [Int]) -> [ONNXView] {
    switch (last, view) {
    case (_, .reshaped(let target)) where target == shape: return self
    case (_, .reversed(let axes)) where axes.allSatisfy({ shape[$0] == 1 }): return self
    case (_, .transposed(let axes)) where axes == [Int](axes.indices): return self
    case (_, .sliced(let axis, let range)) where range == 0..<shape[axis]: return self
    case (_, .reordered(_, let blocks)) where blocks == [Int](blocks.indices): return self
    case (.reshaped, .reshaped): return dropLast() + [view]
    case (.transposed(let first), .transposed(let second)):
      let axes = second.map { first[$0] }
      return dropLast() + (axes == [Int](axes.indices) ? [] : [.transposed(axes: axes)])
    default: return self + [view]
    }
  }
}
