import BBBNetwork

/// Values sampled more or less finely along their axes.
extension Lowering {
  mutating func lowerResize(_ step: LoweringStep) throws(ONNXError) {
    let node = step.node
    var input = try readFirst(step)
    let isLinear = try node.attributes.text("mode", default: "nearest") == "linear"
    let scales = try graph.scales(of: node)
    for (axis, extent) in try shape(of: step).enumerated() {
      guard let count = extent.number, !input.view.countsExamples(axis) else { continue }
      let coordinates = try SampledAxis(
        extent: input.view.extent(of: axis), count: count, scale: scales[axis], node)
      input =
        isLinear
        ? try interpolated(input, along: axis, coordinates, for: node)
        : try gathered(
          input, along: axis, try coordinates.nearest(by: node), for: node)
    }
    try passOn(input, as: step)
  }

  /// Each element a weighted mean of two neighbours.
  private mutating func interpolated(
    _ input: LoweredValue, along axis: Int, _ coordinates: SampledAxis, for node: ONNXNode
  ) throws(ONNXError) -> LoweredValue {
    let samples = coordinates.linear
    let first = try gathered(input, along: axis, samples.map(\.position), for: node)
    guard samples.contains(where: { $0.share > 0 }) else { return first }
    let second = try gathered(
      input, along: axis,
      samples.map { $0.share > 0 ? $0.position + 1 : $0.position }, for: node)
    /// The numbers along the axis.
    let shape = [samples.count] + Array(repeating: 1, count: input.view.axes.count - axis - 1)
    return try combined(
      .add,
      try applying(.multiply, to: first, samples.map { 1 - $0.share }, shape, name: nil, node),
      try applying(.multiply, to: second, samples.map(\.share), shape, name: nil, node), node)
  }
}

/// Where the elements of a resized axis lie between those that it is made of.
private struct SampledAxis {
  private let extent: Int
  /// For each element the place in the axis that is read, elements being at whole numbers.
  private let places: [Double]

  init(extent: Int, count: Int, scale: Double, _ node: ONNXNode) throws(ONNXError) {
    self.extent = extent
    guard scale.isFinite, scale > 0 else {
      throw node.refusal("has the scale \(scale)", "export the file again")
    }
    let transformation = try node.attributes.text(
      "coordinate_transformation_mode", default: "half_pixel")
    let (n, m) = (Double(extent), Double(count))
    places = try (0..<count).map { (index) throws(ONNXError) -> Double in
      let i = Double(index)
      switch transformation {
      case "half_pixel": return (i + 0.5) / scale - 0.5
      case "half_pixel_symmetric":
        return n / 2 * (1 - m / (scale * n)) + (i + 0.5) / scale - 0.5
      case "pytorch_half_pixel": return count > 1 ? (i + 0.5) / scale - 0.5 : 0
      case "align_corners": return count > 1 ? i * (n - 1) / (m - 1) : 0
      case "asymmetric": return i / scale
      default:
        throw node.refusal(
          "has the coordinate_transformation_mode \"\(transformation)\", which is not run",
          "export the network with align_corners set or not")
      }
    }
  }

  /// The element that is nearest to each place, as the node rounds.
  func nearest(by node: ONNXNode) throws(ONNXError) -> [Int] {
    let rounding = try node.attributes.text("nearest_mode", default: "round_prefer_floor")
    return try places.map { (place) throws(ONNXError) -> Int in
      let rounded: Double
      switch rounding {
      case "round_prefer_floor": rounded = (place - 0.5).rounded(.up)
      case "round_prefer_ceil": rounded = (place + 0.5).rounded(.down)
      case "floor": rounded = place.rounded(.down)
      case "ceil": rounded = place.rounded(.up)
      default:
        throw node.refusal(
          "has the nearest_mode \"\(rounding)\", which is not run", "round down (floor)")
      }
      return Int(min(max(rounded, 0), Double(extent - 1)))
    }
  }

  /// For each place the element before it, and the share that the one behind that has.
  var linear: [(position: Int, share: Double)] {
    places.map { place in
      let within = min(max(place, 0), Double(extent - 1))
      let position = Int(within.rounded(.down))
      return (position, within - Double(position))
    }
  }
}
