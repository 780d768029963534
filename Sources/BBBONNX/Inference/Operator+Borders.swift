/// Operators that add elements around a value, or sample it more finely.
extension Operator {
  static let borders: [String: Operator] = [
    "Pad": Operator(inputs: 2...4, attributes: ["mode"], OperatorCall.pad),
    "Resize": Operator(
      inputs: 1...4,
      attributes: [
        "antialias", "axes", "coordinate_transformation_mode", "cubic_coeff_a", "exclude_outside",
        "extrapolation_value", "keep_aspect_ratio_policy", "mode", "nearest_mode",
      ], OperatorCall.resize),
  ]
}

extension OperatorCall {
  /// How many elements are added before and behind each axis; fewer than none are taken away.
  func pads() throws(ONNXError) -> [(before: Int, after: Int)] {
    let rank = try input(0).shape.count
    guard let written = try constantNumbers(1) else { throw malformed("lacks its pads") }
    let axes = try constantNumbers(3) ?? Array(0..<rank)
    _ = try self.axes(axes, rank: rank)
    guard written.count == 2 * axes.count,
      written.allSatisfy({ $0.magnitude <= ValueLimit.elementCount })
    else { throw malformed("has not two pads for each axis") }
    var pads = [(before: Int, after: Int)](repeating: (0, 0), count: rank)
    for (index, axis) in axes.enumerated() {
      pads[try self.axis(axis, rank: rank)] = (written[index], written[axes.count + index])
    }
    return pads
  }

  fileprivate func pad() throws(ONNXError) -> [ONNXValue] {
    let value = try input(0).value
    let mode = try attributes.text("mode", default: "constant")
    guard ["constant", "edge", "reflect", "wrap"].contains(mode) else {
      throw malformed("has the unknown mode \"\(mode)\"")
    }
    guard try constantElements(2)?.count ?? 1 == 1 else {
      throw malformed("pads with something other than a single number")
    }
    var shape: [ONNXExtent] = []
    for (extent, pad) in zip(value.shape, try pads()) {
      guard let number = extent.number else {
        guard pad == (0, 0) else { throw mixesExamples() }
        shape.append(extent)
        continue
      }
      let padded = number + pad.before + pad.after
      let isReflectable = mode != "reflect" || max(pad.before, pad.after) < max(number, 1)
      guard padded >= 0, isReflectable, mode == "constant" || number > 0 else {
        throw malformed("pads \(number) elements by \(pad.before) and \(pad.after)")
      }
      shape.append(.number(padded))
    }
    return [ONNXValue(value.elementType, shape)]
  }

  fileprivate func resize() throws(ONNXError) -> [ONNXValue] {
    let value = try input(0).value
    let mode = try attributes.text("mode", default: "nearest")
    guard ["nearest", "linear", "cubic"].contains(mode) else {
      throw malformed("has the unknown mode \"\(mode)\"")
    }
    for name in ["antialias", "exclude_outside"] {
      guard try !attributes.flag(name) else {
        throw unsupported("has the attribute \"\(name)\" set", "leave it out (antialias=False)")
      }
    }
    let transformation = try attributes.text(
      "coordinate_transformation_mode", default: "half_pixel")
    guard transformation != "tf_crop_and_resize" else {
      throw unsupported("crops by a region of interest", "crop by slicing instead")
    }
    let rank = value.shape.count
    let written = try attributes.integers("axes") ?? Array(0..<rank)
    _ = try axes(written, rank: rank)
    var shape = value.shape
    for (index, axis) in written.enumerated() {
      let axis = try self.axis(axis, rank: rank)
      shape[axis] = try resized(shape[axis], index: index, count: written.count)
    }
    if let scale = try commonScale(of: written) {
      for axis in written {
        let axis = try self.axis(axis, rank: rank)
        guard let number = value.shape[axis].number,
          let resized = Int(exactly: (Double(number) * scale + 0.5).rounded(.down))
        else { continue }
        shape[axis] = .number(resized)
      }
    }
    return [ONNXValue(value.elementType, shape)]
  }

  /// By how much each axis is made longer, or shorter; 1 for those that stay.
  func resizingScales() throws(ONNXError) -> [Double] {
    let value = try input(0).value
    let rank = value.shape.count
    let written = try attributes.integers("axes") ?? Array(0..<rank)
    var scales = [Double](repeating: 1, count: rank)
    for (index, axis) in written.enumerated() {
      let axis = try self.axis(axis, rank: rank)
      guard let number = value.shape[axis].number, number > 0 else { continue }
      if let scale = try commonScale(of: written) {
        scales[axis] = scale
      } else if let sizes = try constantExtents(3), !sizes.isEmpty, let size = sizes[index].number {
        scales[axis] = Double(size) / Double(number)
      } else if let given = try constantReals(2), index < given.count {
        scales[axis] = given[index]
      }
    }
    return scales
  }

  /// By how much all axes are made longer where they keep their proportions and sizes are bounds; `nil` where they do not.
  private func commonScale(of axes: [Int]) throws(ONNXError) -> Double? {
    let policy = try attributes.text("keep_aspect_ratio_policy", default: "stretch")
    guard policy != "stretch", let sizes = try constantExtents(3), sizes.count == axes.count else {
      return nil
    }
    let shape = try input(0).shape
    var scales: [Double] = []
    for (written, size) in zip(axes, sizes) {
      guard let number = shape[try axis(written, rank: shape.count)].number, number > 0,
        let size = size.number
      else { continue }
      scales.append(Double(size) / Double(number))
    }
    switch policy {
    case "not_larger": return scales.min()
    case "not_smaller": return scales.max()
    default: throw malformed("has the unknown keep_aspect_ratio_policy \"\(policy)\"")
    }
  }

  /// The new extent of an axis, by its size or by its scale.
  private func resized(
    _ extent: ONNXExtent, index: Int, count: Int
  ) throws(ONNXError) -> ONNXExtent {
    if let sizes = try constantExtents(3), !sizes.isEmpty {
      guard sizes.count == count, sizes[index].number ?? 1 >= 0 else {
        throw malformed("has sizes that do not fit its axes")
      }
      let isFrozen =
        frozenBatch != nil && extent.isBatch
        && sizes[index].number == extent.value(batch: frozenBatch ?? 0)
      guard extent.isBatch == sizes[index].isBatch || isFrozen else { throw mixesExamples() }
      return isFrozen ? extent : sizes[index]
    }
    guard let scales = try constantReals(2), scales.count == count else {
      throw malformed("has neither sizes nor scales that fit its axes")
    }
    guard let number = extent.number else {
      guard scales[index] == 1 else { throw mixesExamples() }
      return extent
    }
    let product = (Double(number) * scales[index]).rounded(.down)
    guard scales[index] > 0, let resized = Int(exactly: product) else {
      throw malformed("has the scale \(scales[index])")
    }
    return .number(resized)
  }
}
