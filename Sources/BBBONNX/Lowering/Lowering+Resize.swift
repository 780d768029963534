import BBBNetwork

/// Values sampled more or less finely along their axes.
extension Lowering {
  mutating func lowerResize(_ step: LoweringStep) throws(ONNXError) {
    let node = step.node
    var input = try readFirst(step)
    let mode = try node.attributes.text("mode", default: "nearest")
    let scales = try graph.scales(of: node)
    for (axis, extent) in try shape(of: step).enumerated() {
      guard let count = extent.number, !input.view.countsExamples(axis) else { continue }
      let samples = try SampledAxis(
        extent: input.view.extent(of: axis), count: count, scale: scales[axis], node)
      switch mode {
      case "linear":
        input = try interpolated(input, along: axis, samples.linear, for: node)
      case "cubic":
        let steepness = Double(try node.attributes.real("cubic_coeff_a", default: -0.75))
        input = try interpolated(input, along: axis, samples.cubic(steepness), for: node)
      default:
        input = try gathered(input, along: axis, try samples.nearest(by: node), for: node)
      }
    }
    try passOn(input, as: step)
  }

  /// Each element a weighted sum of some neighbours.
  private mutating func interpolated(
    _ input: LoweredValue, along axis: Int, _ neighbours: [SampledAxis.Neighbours],
    for node: ONNXNode
  ) throws(ONNXError) -> LoweredValue {
    // The numbers along the axis.
    let behind = Array(repeating: 1, count: input.view.axes.count - axis - 1)
    var sum: LoweredValue?
    for neighbour in neighbours where neighbour.shares.contains(where: { $0 != 0 }) {
      var part = try gathered(input, along: axis, neighbour.positions, for: node)
      if neighbour.shares.contains(where: { $0 != 1 }) {
        part = try applying(
          .multiply, to: part, neighbour.shares, [neighbour.shares.count] + behind, name: nil, node)
      }
      sum = try sum.map { (sum) throws(ONNXError) in try combined(.add, sum, part, node) } ?? part
    }
    return sum ?? input
  }
}

/// Where the elements of a resized axis lie between those that it is made of.
private struct SampledAxis {
  /// For each element one of those that it is made of, and its share.
  struct Neighbours {
    let positions: [Int]
    let shares: [Double]
  }

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
    guard transformation != "align_corners" || abs(scale * n - m) < 1e-3 else {
      throw node.refusal(
        "aligns corners (align_corners) by a scale that makes \(scale * n) elements of \(extent), which runtimes understand in "
          + "different ways", "export the network with sizes")
    }
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

  /// The elements before and behind each place.
  var linear: [Neighbours] {
    let places = places.map { min(max($0, 0), Double(extent - 1)) }
    let before = places.map { Int($0.rounded(.down)) }
    let shares = places.map { $0 - $0.rounded(.down) }
    return [
      Neighbours(positions: before, shares: shares.map { 1 - $0 }),
      Neighbours(positions: before.map { min($0 + 1, extent - 1) }, shares: shares),
    ]
  }

  /// The four elements around each place, with shares by their distance; what lies beyond the ends is what is at the ends.
  ///
  /// Keys, Cubic convolution interpolation for digital image processing (1981), equation 4 with a free coefficient.
  ///
  /// - Parameter steepness: The coefficient, ONNX's `cubic_coeff_a`.
  /// - Returns: The elements.
  func cubic(_ steepness: Double) -> [Neighbours] {
    func share(_ distance: Double) -> Double {
      let (x, a) = (abs(distance), steepness)
      return x <= 1
        ? ((a + 2) * x - (a + 3)) * x * x + 1 : ((a * x - 5 * a) * x + 8 * a) * x - 4 * a
    }
    return (-1...2).map { offset in
      let positions = places.map { Int($0.rounded(.down)) + offset }
      return Neighbours(
        positions: positions.map { min(max($0, 0), extent - 1) },
        shares: zip(places, positions).map { share($0 - Double($1)) })
    }
  }
}
