import BBBKernels
import BBBNetwork

/// A dense network and a changed one, run side by side over all examples, node by node.
///
/// Values that are read no more are dropped, so that memory grows with what is alive at once.
struct NetworkWalk: Sendable {
  let plan: PassPlan
  let examples: CalibrationExamples
  /// How many of the examples, the first ones, are fitted to; the others show how good a fit is.
  let fittedCount: Int
  let dense: [LayerWeights]
  let threadCount: Int
  /// The last node that reads each value, by `Value.index`.
  private let lastReaders: [Int]

  /// The most bytes of values that are alive at once, of both networks.
  private static let mostBytes = 576 << 20

  /// - Parameters:
  ///   - plan: The network's.
  ///   - dense: Its weights.
  ///   - examples: Inputs; the first ones are taken where all would need too much memory.
  ///   - threadCount: The number of threads.
  init(
    _ plan: PassPlan, dense: [LayerWeights], examples: CalibrationExamples, threadCount: Int
  ) {
    let network = plan.network
    self.plan = plan
    self.dense = dense
    self.threadCount = threadCount
    let lastReaders = network.shapes.indices.map { value in
      value == network.output.index
        ? network.nodes.count
        : network.nodes.lastIndex { $0.inputs.contains { $0.index == value } } ?? value - 1
    }
    self.lastReaders = lastReaders
    var alive = 0
    var most = 1
    for (index, shape) in network.shapes.enumerated() {
      alive += shape.count
      most = max(most, alive)
      for value in 0...index where lastReaders[value] == index - 1 {
        alive -= network.shapes[value].count
      }
    }
    (self.examples, fittedCount) = examples.evenly(max(64, Self.mostBytes / (8 * most)))
      .holdingOut()
  }

  /// What a matrix reads and what it gives, for some examples.
  struct Tile {
    /// Whether these examples are among those that are fitted to.
    let isFitted: Bool
    /// What it reads in the changed network, or in the dense one if that walks alone: (elements, examples).
    let input: AlignedBuffer<Float>
    /// What it gives in the dense network: (elements, examples).
    let target: AlignedBuffer<Float>
    let width: Int
  }

  /// The outputs of both networks for some examples: (outputs, examples).
  struct Outputs {
    let isFitted: Bool
    let dense: AlignedBuffer<Float>
    let changed: AlignedBuffer<Float>
    let width: Int
  }

  /// Runs both networks.
  ///
  /// - Parameters:
  ///   - start: The weights of the changed network; `nil` if the dense one walks alone.
  ///   - holdsOut: Whether some examples are not fitted to.
  ///   - visit: Is told of each node of a matrix before it is run in the changed network; the weights that it gives, if any, are the
  ///     matrix's from there on.
  /// - Returns: The outputs of all examples.
  /// - Throws: What `visit` throws.
  @discardableResult
  func run(
    from start: [LayerWeights]? = nil, holdingOut holdsOut: Bool,
    _ visit: (_ node: Int, _ matrix: MatrixPlan, _ tiles: [Tile]) throws(ConditioningError) ->
      LayerWeights?
  ) throws(ConditioningError) -> [Outputs] {
    let network = plan.network
    var weights = start ?? dense
    let passes = tiles.map { range in
      let isFitted = !holdsOut || range.upperBound <= fittedCount
      let own = NetworkPass(plan, width: range.count, threadCount: threadCount)
      own.setInput(examples.rows(range))
      guard start != nil else { return (dense: own, changed: own, isFitted: isFitted) }
      let changed = NetworkPass(plan, width: range.count, threadCount: threadCount)
      changed.setValue(0, own.value(0))
      return (dense: own, changed: changed, isFitted: isFitted)
    }
    for (node, step) in plan.steps.enumerated() {
      for pass in passes { pass.dense.run(node, dense) }
      if case .matrix(let matrix) = step {
        let input = network.nodes[node].inputs[0].index
        let tiles = passes.map {
          Tile(
            isFitted: $0.isFitted, input: $0.changed.value(input),
            target: $0.dense.value(node + 1), width: $0.dense.width)
        }
        if let changed = try visit(node, matrix, tiles) { weights[matrix.parameter] = changed }
      }
      for pass in passes {
        if start != nil { pass.changed.run(node, weights) }
        for value in 0...node + 1 where lastReaders[value] == node {
          pass.dense.setValue(value, nil)
          pass.changed.setValue(value, nil)
        }
      }
    }
    return passes.map {
      let output = network.output.index
      return Outputs(
        isFitted: $0.isFitted, dense: $0.dense.value(output), changed: $0.changed.value(output),
        width: $0.dense.width)
    }
  }

  /// Examples that are computed together.
  private var tiles: [Range<Int>] {
    let widest = plan.network.shapes.map(\.count).max() ?? 1
    let width = min(256, max(16, (1 << 20) / widest))
    return [0..<fittedCount, fittedCount..<examples.count].flatMap { range in
      stride(from: range.lowerBound, to: range.upperBound, by: width).map {
        $0..<min($0 + width, range.upperBound)
      }
    }
  }
}
