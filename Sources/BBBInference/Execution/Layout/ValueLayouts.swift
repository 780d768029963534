import BBBNetwork

/// The layout of every value of a network.
///
/// Values that operations pass on element by element share one: what an activation reads and gives, operands of
/// arithmetic that have the result's shape and the result, and what is flattened unless it is such an operand.
struct ValueLayouts {
  /// By `Value.index`.
  let layouts: [ValueLayout]

  /// Lays the values of a network out.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - patterns: Which weights each of its parameters holds.
  init(_ network: Network, _ patterns: [SparsePattern]) {
    let groups = Self.groups(network)
    var layouts: [Int: ValueLayout] = [:]
    let readers = network.readers
    let columnCounts = patterns.map(\.columnCounts)
    for (group, values) in Dictionary(grouping: groups.indices, by: { groups[$0] }) {
      layouts[group] = Self.layout(of: values, network, readers, columnCounts)
    }
    self.layouts = groups.map { group in
      guard let layout = layouts[group] else { preconditionFailure("every group has a layout") }
      return layout
    }
  }

  /// For each value, the first one that shares its layout.
  private static func groups(_ network: Network) -> [Int] {
    /// For each value an earlier one of its group, or itself.
    var earlier = Array(network.shapes.indices)
    func group(_ value: Int) -> Int {
      var value = value
      while earlier[value] != value {
        earlier[value] = earlier[earlier[value]]
        value = earlier[value]
      }
      return value
    }
    func join(_ one: Int, _ other: Int) {
      let (first, second) = (group(one), group(other))
      earlier[max(first, second)] = min(first, second)
    }
    var results: [Int] = []
    for (index, node) in network.nodes.enumerated() {
      switch node.operation {
      case .activation, .softmax, .normalise: join(node.inputs[0].index, index + 1)
      case .arithmetic:
        for value in node.inputs where network.shape(of: value) == network.shapes[index + 1] {
          join(value.index, index + 1)
        }
        results.append(index + 1)
      case .matrix, .pool, .concatenate, .flatten, .slice, .gather, .pad, .constant, .transpose,
        .reshape,
        .product:
        break
      }
    }
    let computed = Set(results.map(group))
    for (index, node) in network.nodes.enumerated() where node.operation == .flatten {
      // Elements of a channel stand side by side; what is computed with them may stand otherwise.
      if !computed.contains(group(index + 1)) { join(node.inputs[0].index, index + 1) }
    }
    return network.shapes.indices.map(group)
  }

  private static func layout(
    of values: [Int], _ network: Network, _ readers: [[Int]], _ columnCounts: [[Int]]
  ) -> ValueLayout {
    let shape = values.lazy.map { network.shapes[$0] }.max { $0.extents.count < $1.extents.count }
    guard let shape else { preconditionFailure("a group has values") }
    let nodes = values.flatMap { readers[$0] }
    let windows = nodes.compactMap { node -> Window? in
      if case .matrix(let matrix) = network.nodes[node].operation { matrix.window } else { nil }
    }
    let writers = values.filter { $0 > 0 }.map { network.nodes[$0 - 1].operation }
    let operations = nodes.map { network.nodes[$0].operation } + writers
    let areChannels = operations.contains(where: \.movesWindow)
    let axes = areChannels ? shape.positions.indices : 0..<0
    let plane = Plane(
      areChannels ? shape.positions : [],
      before: axes.map { axis in windows.map { $0.axes[axis].paddingBefore }.max() ?? 0 },
      after: axes.map { axis in windows.map { $0.axes[axis].paddingAfter }.max() ?? 0 })
    let elementCount = areChannels ? shape.positionCount : 1
    let unitCount = areChannels ? shape.extents[0] : shape.count
    var counts = [Int](repeating: 0, count: unitCount)
    for node in nodes {
      guard case .matrix(let matrix) = network.nodes[node].operation else { continue }
      let columns = matrix.window?.cellCount ?? elementCount
      for (column, count) in columnCounts[network.parameterNumber(ofNode: node)].enumerated() {
        counts[column / columns] += count
      }
    }
    var units =
      operations.contains(where: \.countsAxes)
      ? Array(0..<unitCount) : CountingSort.fallingOrder(counts)
    let isReadByMatricesOnly = nodes.allSatisfy { node in
      switch network.nodes[node].operation {
      case .matrix: true
      case .flatten: values.contains(node + 1)
      case .activation, .pool, .arithmetic, .concatenate, .slice, .gather, .pad, .constant,
        .transpose,
        .reshape, .softmax, .normalise, .product:
        false
      }
    }
    if values[0] == Value.input.index, isReadByMatricesOnly,
      !values.contains(network.output.index)
    {
      units.removeAll { counts[$0] == 0 }
    }
    let areReadByMatrix = nodes.contains { node in
      if case .matrix = network.nodes[node].operation { true } else { false }
    }
    return ValueLayout(
      plane, unitCount: unitCount, units: units,
      zeroCount: !windows.isEmpty ? plane.count : areReadByMatrix ? 1 : 0)
  }
}

extension Operation {
  /// The window that moves over what is read; `nil` if none does.
  var window: Window? {
    switch self {
    case .matrix(let matrix): matrix.window
    case .pool(let pool): pool.window
    case .activation, .arithmetic, .concatenate, .flatten, .slice, .gather, .pad, .constant,
      .transpose,
      .reshape, .softmax, .normalise, .product:
      nil
    }
  }

  /// Whether its kernels find elements by their distances along axes, so that units must stand in order.
  var countsAxes: Bool {
    switch self {
    case .softmax, .normalise, .product: true
    case .matrix, .activation, .pool, .arithmetic, .concatenate, .flatten, .slice, .gather, .pad,
      .constant,
      .transpose, .reshape:
      false
    }
  }

  /// Whether a window moves over what is read.
  var movesWindow: Bool { window != nil }
}
