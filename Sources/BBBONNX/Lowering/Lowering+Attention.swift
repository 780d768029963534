import BBBNetwork

/// Attention: softmax(Q·Kᵀ)·V, head by head.
extension Lowering {
  /// The axes of scores: examples, heads of keys, heads of queries for each of them, queries, keys, and the elements of a head.
  private enum Axis: Int {
    case batch, head, share, query, key, size, result
  }

  mutating func lowerAttention(_ step: LoweringStep) throws(ONNXError) {
    let node = step.node
    let groupCount = try node.attributes.integer("kv_num_heads", default: 0)
    let query = try heads(0, try node.attributes.integer("q_num_heads", default: 0), node)
    let own = try heads(1, groupCount, node)
    let key = try withPast(4, own, node)
    let value = try withPast(5, try heads(2, groupCount, node), node)
    let batch = query.view.shape[0]
    let (headCount, groups) = (query.view.extent(of: 1), key.view.extent(of: 1))
    let (length, size) = (query.view.extent(of: 2), query.view.extent(of: 3))
    let keyLength = key.view.extent(of: 2)
    let share = headCount / groups
    // Heads of queries that share keys stand side by side.
    var shared = query
    shared.view = try view(
      of: query, [batch, .number(groups), .number(share), .number(length), .number(size)], node)
    func named(_ value: LoweredValue, _ axes: [Axis]) -> NamedAxes {
      NamedAxes(value: value, names: axes.map(\.rawValue))
    }
    let scoreAxes: [Axis] = [.batch, .head, .share, .query, .key]
    var scores = try contracted(
      named(shared, [.batch, .head, .share, .query, .size]),
      named(key, [.batch, .head, .key, .size]), to: scoreAxes.map(\.rawValue), node)
    let scale = Double(try node.attributes.real("scale", default: 0))
    scores = try applying(
      .multiply, to: scores, scale == 0 ? 1 / Double(size).squareRoot() : scale, node)
    let cap = Double(try node.attributes.real("softcap", default: 0))
    if cap > 0 {
      let bent = try applied(.tanh, to: try applying(.divide, to: scores, cap, node), node)
      scores = try applying(.multiply, to: bent, cap, node)
    }
    scores.view = try view(
      of: scores, [batch, .number(headCount), .number(length), .number(keyLength)], node)
    let pastLength = keyLength - own.view.extent(of: 2)
    scores = try masked(scores, length, keyLength, pastLength, node)
    guard keyLength > 1 else {
      throw node.refusal("attends to a single key, which always has all of it", "leave it out")
    }
    var shares = try softmax(scores, over: [3], node)
    if isMaskBoolean(node) {
      // A query that may attend to no key at all gets nothing, and not a share of each.
      shares = try combined(.multiply, shares, withInput: 3, of: node)
      if try node.attributes.flag("is_causal") {
        let isBefore = causalKeys(length, keyLength, pastLength).map { $0 ? 1.0 : 0 }
        shares = try applying(
          .multiply, to: shares, isBefore, [length, keyLength], name: nil, node)
      }
    }
    shares.view = try view(
      of: shares,
      [batch, .number(groups), .number(share), .number(length), .number(keyLength)], node)
    var result = try contracted(
      named(shares, scoreAxes), named(value, [.batch, .head, .key, .result]),
      to: [Axis.batch, .head, .share, .query, .result].map(\.rawValue), node)
    let resultSize = value.view.extent(of: 3)
    result.view = try view(
      of: result, [batch, .number(headCount), .number(length), .number(resultSize)], node)
    for (output, present) in zip(node.outputs.dropFirst(), [key, value]) {
      if let output, steps.isRead(output) { try define(output, as: present, node) }
    }
    guard let output = node.outputs[0], steps.isRead(output) else { return }
    if let shape = graph.values[output]?.shape, shape.count == 3 {
      result.view = result.view.transposed([0, 2, 1, 3])
      result = try reshaped(result, to: shape, for: node)
    }
    try define(output, as: result, node)
  }

  /// Keys or values, those of earlier steps before them.
  private mutating func withPast(
    _ index: Int, _ value: LoweredValue, _ node: ONNXNode
  ) throws(ONNXError) -> LoweredValue {
    guard index < node.inputs.count, node.inputs[index] != nil else { return value }
    return try joined([try readInput(index, of: node), value], along: 2, for: node)
  }

  /// An input with its heads as an axis: (batch, heads, length, size).
  private mutating func heads(
    _ index: Int, _ count: Int, _ node: ONNXNode
  ) throws(ONNXError) -> LoweredValue {
    var value = try readInput(index, of: node)
    guard value.view.axes.count == 3 else { return value }
    let (length, size) = (value.view.extent(of: 1), value.view.extent(of: 2))
    value = try reshaped(
      value, to: [value.view.shape[0], .number(length), .number(count), .number(size / count)],
      for: node)
    value.view = value.view.transposed([0, 2, 1, 3])
    return value
  }

  /// The view of a value whose axes are split or joined.
  private func view(
    of value: LoweredValue, _ shape: [ONNXExtent], _ node: ONNXNode
  ) throws(ONNXError) -> ValueView {
    guard let view = value.view.reshaped(to: shape) else {
      throw node.refusal(
        "has heads that cannot be taken apart", "export the network with the batch first")
    }
    return view
  }

  /// Scores, with what is added to them, or left out as being behind a query.
  private mutating func masked(
    _ scores: LoweredValue, _ length: Int, _ keyLength: Int, _ pastLength: Int, _ node: ONNXNode
  ) throws(ONNXError) -> LoweredValue {
    var scores = scores
    if node.inputs.count > 3, node.inputs[3] != nil {
      if isMaskBoolean(node) {
        // Nothing is added where the mask holds.
        let mask = try readInput(3, of: node)
        let opposite = try applying(.equal, to: mask, 0, node)
        let summand = try applying(.multiply, to: opposite, -1e30, node)
        scores = try combined(.add, scores, summand, node)
      } else {
        scores = try combined(.add, scores, withInput: 3, of: node)
      }
    }
    guard try node.attributes.flag("is_causal") else { return scores }
    let numbers = causalKeys(length, keyLength, pastLength).map { $0 ? 0 : -1e30 }
    return try applying(
      .add, to: scores, numbers, [length, keyLength], name: nil, node)
  }
  private func isMaskBoolean(_ node: ONNXNode) -> Bool {
    guard node.inputs.count > 3, let name = node.inputs[3] else { return false }
    return graph.values[name]?.elementType == .boolean
  }

  /// For each query and each key whether the key is not behind the query; keys of earlier steps are before all queries.
  private func causalKeys(_ length: Int, _ keyLength: Int, _ pastLength: Int) -> [Bool] {
    (0..<length).flatMap { query in (0..<keyLength).map { $0 <= query + pastLength } }
  }
}
