extension OperatorCall {
  /// The same elements in another shape.
  func reshape() throws(ONNXError) -> [ONNXValue] {
    let value = try input(0).value
    let target = try reshapeTarget(value.shape)
    guard target.count(where: { $0 == .number(-1) }) <= 1,
      target.allSatisfy({ $0.number ?? 0 >= -1 })
    else { throw malformed("reshapes to \(target.text)") }
    let shape =
      if let frozenBatch, let numbers = target.numbers, !value.shape.batchAxes.isEmpty {
        try frozenShape(numbers, of: value.shape, batch: frozenBatch)
      } else {
        try completed(target, of: value.shape)
      }
    return [ONNXValue(value.elementType, shape)]
  }

  /// The extents that are asked for; 0 stands for that of the input, unless the node says otherwise.
  private func reshapeTarget(_ shape: [ONNXExtent]) throws(ONNXError) -> [ONNXExtent] {
    guard let target = try constantExtents(1) else { throw malformed("lacks its shape") }
    guard try !attributes.flag("allowzero") else { return target }
    var extents: [ONNXExtent] = []
    for (axis, extent) in target.enumerated() {
      guard extent != .number(0) || axis < shape.count else {
        throw malformed("keeps the extent of an axis \(axis) that its input has not")
      }
      extents.append(extent == .number(0) ? shape[axis] : extent)
    }
    return extents
  }

  /// A shape with −1 replaced by what is left of the elements.
  private func completed(
    _ target: [ONNXExtent], of shape: [ONNXExtent]
  ) throws(ONNXError) -> [ONNXExtent] {
    var target = target
    guard let count = shape.product,
      let known = target.filter({ $0 != .number(-1) }).product
    else { throw mixesExamples() }
    if let axis = target.firstIndex(of: .number(-1)) {
      guard let rest = count.divided(by: known) else { throw misfit(target, shape) }
      target[axis] = rest
    }
    guard target.product == count else { throw misfit(target, shape) }
    return target
  }

  private func misfit(_ target: [ONNXExtent], _ shape: [ONNXExtent]) -> ONNXError {
    guard shape.batchAxes.isEmpty || !target.batchAxes.isEmpty else {
      return unsupported(
        "reshapes any number of examples of shape \(shape.text) to \(target.text), which is for one "
          + "number of them",
        "export the network again, with x.flatten(1) or x.reshape(x.shape[0], …) in its code")
    }
    return malformed("cannot reshape \(shape.text) to \(target.text)")
  }

  /// A shape in a file that was exported for some number of examples, with that number replaced by the
  /// batch where the batch stands.
  private func frozenShape(
    _ numbers: [Int], of shape: [ONNXExtent], batch: Int
  ) throws(ONNXError) -> [ONNXExtent] {
    let frozen = shape.compactMap { $0.value(batch: batch).map(ONNXExtent.number) }
    guard frozen.count == shape.count,
      let target = try completed(numbers.map(ONNXExtent.number), of: frozen).numbers,
      let source = frozen.numbers, !target.contains(0),
      case .batches(let multiple)? = shape.batchAxes.first.map({ shape[$0] }),
      let axis = FrozenBatch(
        size: batch, multiple: multiple, axis: shape.batchAxes[0], shape: source
      ).axis(in: target)
    else {
      throw unsupported(
        "reshapes \(shape.text) to \(numbers.map(ONNXExtent.number).text), where it cannot be told "
          + "which axis holds the \(batch) examples that the file was exported for",
        "export the network with a free batch (dynamic_axes, or dynamic_shapes of the newer exporter)"
      )
    }
    var result = target.map(ONNXExtent.number)
    result[axis] = .batches(target[axis] / batch)
    return result
  }
}
