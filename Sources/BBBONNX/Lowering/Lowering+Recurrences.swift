import BBBNetwork

/// Recurrent layers, step after step: what comes in is multiplied for all steps at once, and the matrix of the hidden state is one
/// that every step uses.
extension Lowering {
  mutating func lowerRecurrence(_ step: LoweringStep) throws(ONNXError) {
    let node = step.node
    guard let weights = try constant(2, of: node) else {
      throw node.refusal("lacks its weights", "export the file again")
    }
    var layer = try RecurrentLayer(node, unitCount: weights.shape[2])
    let input = try readFirst(step)
    let steps = layer.isBatchFirst ? 1 : 0
    let sequences = input.view.atoms(of: 1 - steps)
    layer.sequenceCount = input.view.extent(of: sequences)
    let length = input.view.extent(of: steps)
    guard length <= Network.largestNodeCount / layer.isReversed.count else {
      throw node.refusal(
        "has \(length) steps, and a network can have \(Network.largestNodeCount) operations",
        "export the network for shorter sequences")
    }
    let held = try hold(
      input,
      as: [input.view.atoms(of: 2), input.view.atoms(of: steps)]
        + (sequences.isEmpty ? [] : [sequences]), for: node)
    let examples = input.view.axes[1 - steps]
    let outputs = (0..<3).map { index in
      node.outputs.indices.contains(index)
        ? node.outputs[index].flatMap { self.steps.isRead($0) ? $0 : nil } : nil
    }
    var states: [RecurrentStates] = []
    for direction in layer.isReversed.indices {
      var recurrence = try recurrence(layer, direction, of: node)
      states.append(
        try run(
          &recurrence, over: held.value, length: length,
          needsLast: outputs[0] != nil || outputs[1] != nil, for: node))
    }
    try define(outputs[0], as: states.map(\.hidden), layer, steps: length, examples, node)
    try define(outputs[1], as: states.map(\.last), layer, steps: nil, examples, node)
    try define(
      outputs[2], as: states.map { [$0.cell].compactMap(\.self) }, layer, steps: nil, examples, node
    )
  }

  /// Joins the states of directions, and of all their steps, held in that order.
  private mutating func define(
    _ name: String?, as states: [[Value]], _ layer: RecurrentLayer, steps: Int?,
    _ examples: [ValueView.Factor], _ node: ONNXNode
  ) throws(ONNXError) {
    guard let name else { return }
    let all = Array(states.joined())
    let value = all.count == 1 ? all[0] : try append(.concatenate, reading: all, for: node)
    var view = ValueView()
    let directions = [view.newAtom(layer.isReversed.count)].compactMap(\.self)
    let times = steps.map { [view.newAtom($0)].compactMap(\.self) }
    let units = [view.newAtom(layer.unitCount)].compactMap(\.self)
    let sequences = [view.newAtom(layer.sequenceCount)].compactMap(\.self)
    let isBatchInner = examples.count > 1 && examples.last == .batch
    let batch = examples.filter { $0 == .batch }
    let examples = isBatchInner ? sequences + batch : batch + sequences
    for axis in layer.isBatchFirst
      ? [examples, times, directions, units] : [times, directions, examples, units]
    {
      if let axis { view.append(axis) }
    }
    try define(name, as: LoweredValue(value: value, view: view), node)
  }

  // MARK: One direction

  /// The numbers of one direction of a layer, as the network has them.
  private mutating func recurrence(
    _ layer: RecurrentLayer, _ direction: Int, of node: ONNXNode
  ) throws(ONNXError) -> Recurrence {
    var limits: [Value] = []
    for limit in layer.clip.map({ [-$0, $0] }) ?? [] {
      limits.append(
        try append(constant: [limit], of: layer.axes(1, sequences: 1), name: nil, for: node))
    }
    return Recurrence(
      layer: layer, direction: direction,
      input: try recurrentMatrix(1, layer, direction, of: node),
      recurrent: try recurrentMatrix(2, layer, direction, of: node),
      limits: limits,
      one: layer.couplesGates
        ? try append(constant: [1], of: layer.axes(1, sequences: 1), name: nil, for: node) : nil,
      peepholes: try peepholes(layer, direction, of: node),
      hidden: try initialState(5, layer, direction, of: node),
      cell: layer.cell == .longShortTermMemory
        ? try initialState(6, layer, direction, of: node) : nil)
  }

  /// One of the two matrices of a direction, its gates in the network's order.
  private func recurrentMatrix(
    _ index: Int, _ layer: RecurrentLayer, _ direction: Int, of node: ONNXNode
  ) throws(ONNXError) -> PendingMatrix {
    guard let weights = try constant(index, of: node) else {
      throw node.refusal("lacks its weights", "export the file again")
    }
    let rows = layer.rowCount
    let own = weights.viewed(.sliced(axis: 0, range: direction..<direction + 1))
      .viewed(.reshaped([rows, weights.shape[2]]))
      .viewed(.reordered(axis: 0, blocks: layer.gates))
    var biases: [Double]?
    if let constant = try constant(3, of: node) {
      // Those of both matrices, one behind the other.
      let first = (2 * direction + index - 1) * rows
      let numbers = try constant.reals(for: node)
      biases = layer.gates.flatMap { gate in
        numbers[first + gate * layer.unitCount..<first + (gate + 1) * layer.unitCount]
      }
    }
    return try PendingMatrix(of: node, weights: own, rows: rows, biases: biases)
  }

  /// What of the cells is added to an LSTM's gates, as factors of the input, forget and output gate.
  private mutating func peepholes(
    _ layer: RecurrentLayer, _ direction: Int, of node: ONNXNode
  ) throws(ONNXError) -> Recurrence.Peepholes? {
    guard layer.cell == .longShortTermMemory, let constant = try constant(7, of: node) else {
      return nil
    }
    let numbers = try constant.reals(for: node)
    func factors(_ gate: Int, _ lowering: inout Lowering) throws(ONNXError) -> Value {
      let first = (3 * direction + gate) * layer.unitCount
      return try lowering.append(
        constant: Array(numbers[first..<first + layer.unitCount]),
        of: layer.axes(layer.unitCount, sequences: 1), name: constant.tensor?.name, for: node)
    }
    return Recurrence.Peepholes(
      input: try factors(0, &self), forget: layer.couplesGates ? nil : try factors(2, &self),
      output: try factors(1, &self))
  }

  /// The state before the first step: zeros, unless it is given.
  private mutating func initialState(
    _ index: Int, _ layer: RecurrentLayer, _ direction: Int, of node: ONNXNode
  ) throws(ONNXError) -> Value {
    let shape = layer.axes(layer.unitCount, sequences: layer.sequenceCount)
    guard index < node.inputs.count, let name = node.inputs[index] else {
      return try append(
        constant: Array(repeating: 0, count: shape.reduce(1, *)), of: shape, name: nil, for: node)
    }
    var state = try read(name, by: node)
    let axis = layer.isBatchFirst ? 1 : 0
    let sequences = state.view.atoms(of: 1 - axis)
    guard state.view.extent(of: sequences) == layer.sequenceCount else {
      throw node.refusal(
        "begins with a state for each of several examples",
        "export the network for a batch of any size")
    }
    if layer.isReversed.count > 1 {
      state = try gathered(state, along: axis, [direction], for: node)
    }
    // Gathered, its atoms have other numbers.
    let held = [2, 1 - axis].map(state.view.atoms(of:))
    return try hold(state, as: layer.axes(held[0], sequences: held[1]), for: node).value
  }

  /// Runs one direction.
  private mutating func run(
    _ recurrence: inout Recurrence, over input: Value, length: Int, needsLast: Bool,
    for node: ONNXNode
  ) throws(ONNXError) -> RecurrentStates {
    let layer = recurrence.layer
    let rows = layer.rowCount
    let hasBias = recurrence.input.biases != nil
    var (sums, change) = try append(
      recurrence.input,
      as: Matrix(
        unitCount: rows,
        window: Window(layer.axes(Window.Axis(1), sequences: Window.Axis(1))), hasBias: hasBias),
      reading: input, for: node)
    var view = ValueView()
    for extent in [rows, length, layer.sequenceCount] {
      view.append([view.newAtom(extent)].compactMap(\.self))
    }
    let changed = try applying(
      change, to: LoweredValue(value: sums, view: view), alongAxis: 0, node)
    // Step by step, so that those of one step stand side by side.
    sums = try hold(
      changed,
      as: layer.axes(
        [1, 0].flatMap(changed.view.atoms(of:)), sequences: changed.view.atoms(of: 2)), for: node
    ).value
    var hidden: [Value] = []
    for number in 0..<length {
      let time = layer.isReversed[recurrence.direction] ? length - 1 - number : number
      let own = try part(of: sums, from: time * rows, count: rows, node)
      try advance(
        &recurrence, own, givesState: number + 1 < length || needsLast, for: node)
      hidden.append(recurrence.hidden)
    }
    return RecurrentStates(
      hidden: layer.isReversed[recurrence.direction] ? hidden.reversed() : hidden,
      last: [recurrence.hidden], cell: recurrence.cell)
  }

  /// Goes on by a step.
  private mutating func advance(
    _ recurrence: inout Recurrence, _ input: Value, givesState: Bool, for node: ONNXNode
  ) throws(ONNXError) {
    let layer = recurrence.layer
    let activations = layer.activations[recurrence.direction]
    let units = layer.unitCount
    switch layer.cell {
    case .plain:
      let sums = try append(
        .arithmetic(.add),
        reading: [input, try recurrentSums(&recurrence, of: recurrence.hidden, node)], for: node)
      recurrence.hidden = try activated(sums, activations[0], recurrence, node)
    case .gatedUnit:
      try advanceGatedUnit(&recurrence, input, node)
    case .longShortTermMemory:
      guard let cell = recurrence.cell else { return }
      let sums = try append(
        .arithmetic(.add),
        reading: [input, try recurrentSums(&recurrence, of: recurrence.hidden, node)], for: node)
      func gate(
        _ number: Int, _ peephole: Value?, of cell: Value, _ lowering: inout Lowering
      ) throws(ONNXError) -> Value {
        var sum = try lowering.part(of: sums, from: number * units, count: units, node)
        if let peephole {
          let own = try lowering.append(
            .arithmetic(.multiply), reading: [peephole, cell], for: node)
          sum = try lowering.append(.arithmetic(.add), reading: [sum, own], for: node)
        }
        return try lowering.activated(sum, activations[number == 2 ? 1 : 0], recurrence, node)
      }
      let peepholes = recurrence.peepholes
      let entering = try gate(0, peepholes?.input, of: cell, &self)
      let kept =
        if let one = recurrence.one {
          try append(.arithmetic(.subtract), reading: [one, entering], for: node)
        } else {
          try gate(1, peepholes?.forget, of: cell, &self)
        }
      let candidate = try gate(2, nil, of: cell, &self)
      let old = try append(.arithmetic(.multiply), reading: [kept, cell], for: node)
      let new = try append(.arithmetic(.multiply), reading: [entering, candidate], for: node)
      let next = try append(.arithmetic(.add), reading: [old, new], for: node)
      recurrence.cell = next
      guard givesState else { return }
      let leaving = try gate(3, peepholes?.output, of: next, &self)
      let shown = try append(.activation(activations[2]), reading: [next], for: node)
      recurrence.hidden = try append(
        .arithmetic(.multiply), reading: [leaving, shown], for: node)
    }
  }

  private mutating func advanceGatedUnit(
    _ recurrence: inout Recurrence, _ input: Value, _ node: ONNXNode
  ) throws(ONNXError) {
    let layer = recurrence.layer
    let activations = layer.activations[recurrence.direction]
    let units = layer.unitCount
    let before = recurrence.hidden
    let sums = try recurrentSums(&recurrence, of: before, node)
    func gate(_ number: Int, _ lowering: inout Lowering) throws(ONNXError) -> Value {
      let parts = [
        try lowering.part(of: input, from: number * units, count: units, node),
        try lowering.part(of: sums, from: number * units, count: units, node),
      ]
      let sum = try lowering.append(.arithmetic(.add), reading: parts, for: node)
      return try lowering.activated(sum, activations[0], recurrence, node)
    }
    let reset = try gate(0, &self)
    let update = try gate(1, &self)
    let own: Value
    if layer.resetsProduct {
      own = try append(
        .arithmetic(.multiply),
        reading: [reset, try part(of: sums, from: 2 * units, count: units, node)], for: node)
    } else {
      // The whole matrix once more, of whose rows those of the new state are taken.
      let left = try append(.arithmetic(.multiply), reading: [reset, before], for: node)
      own = try part(
        of: try recurrentSums(&recurrence, of: left, node), from: 2 * units, count: units, node)
    }
    let sum = try append(
      .arithmetic(.add),
      reading: [try part(of: input, from: 2 * units, count: units, node), own], for: node)
    let new = try activated(sum, activations[1], recurrence, node)
    // (1 − z) n + z h
    let difference = try append(.arithmetic(.subtract), reading: [before, new], for: node)
    let kept = try append(.arithmetic(.multiply), reading: [update, difference], for: node)
    recurrence.hidden = try append(.arithmetic(.add), reading: [new, kept], for: node)
  }

  // MARK: Parts of a step

  /// The matrix of the hidden state times a state: its own node the first time, one that shares its weights afterwards.
  private mutating func recurrentSums(
    _ recurrence: inout Recurrence, of state: Value, _ node: ONNXNode
  ) throws(ONNXError) -> Value {
    let pending = recurrence.recurrent
    let matrix = Matrix(
      unitCount: recurrence.layer.rowCount,
      window: recurrence.layer.sequenceCount > 1 ? Window([Window.Axis(1)]) : nil,
      hasBias: pending.biases != nil,
      sharing: recurrence.owner)
    guard recurrence.owner == nil else {
      return try append(.matrix(matrix), reading: [state], for: node)
    }
    recurrence.owner = operations.count
    let (value, change) = try append(pending, as: matrix, reading: state, for: node)
    guard change == nil else {
      throw node.refusal(
        "shares its recurrent weights with another layer of other biases, and that is not run",
        "give both the same biases, or weights of their own")
    }
    return value
  }

  private mutating func part(
    of value: Value, from start: Int, count: Int, _ node: ONNXNode
  ) throws(ONNXError) -> Value {
    let extents = shapes[value.index].extents
    guard count < extents[0] else { return value }
    let others = extents.dropFirst().map { Slice.Axis(count: $0) }
    return try append(
      .slice(Slice([Slice.Axis(start: start, count: count)] + others)), reading: [value], for: node)
  }

  /// An activation of limited sums.
  private mutating func activated(
    _ sums: Value, _ activation: Activation, _ recurrence: Recurrence, _ node: ONNXNode
  ) throws(ONNXError) -> Value {
    var sums = sums
    for (limit, arithmetic) in zip(recurrence.limits, [Arithmetic.maximum, .minimum]) {
      sums = try append(.arithmetic(arithmetic), reading: [sums, limit], for: node)
    }
    return try append(.activation(activation), reading: [sums], for: node)
  }
}

/// One direction of a recurrent layer, as far as it has come.
private struct Recurrence {
  /// Factors of the cells that are added to an LSTM's gates.
  struct Peepholes {
    let input: Value
    let forget: Value?
    let output: Value
  }

  let layer: RecurrentLayer
  let direction: Int
  /// What the input is multiplied by.
  let input: PendingMatrix
  /// What the hidden state is multiplied by.
  let recurrent: PendingMatrix
  /// What arguments of activations are limited to: the least and the largest; empty for no limits.
  let limits: [Value]
  /// The number 1, where the forget gate follows from the input gate.
  let one: Value?
  let peepholes: Peepholes?
  var hidden: Value
  /// The state of an LSTM's cells.
  var cell: Value?
  /// The number of the operation that has the weights of the hidden state's matrix.
  var owner: Int?
}

/// What one direction of a recurrent layer gives.
private struct RecurrentStates {
  /// The hidden state of each step, in the order of the steps.
  let hidden: [Value]
  /// That of the step that comes last.
  let last: [Value]
  /// The state of an LSTM's cells behind it.
  let cell: Value?
}
