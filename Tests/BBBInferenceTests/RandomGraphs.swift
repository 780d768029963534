import BBBNetwork
import NetworkReference
import TestSupport

@testable import BBBInference

/// A random network, its weights as a model and as a reference.
struct RandomGraph {
  let network: Network
  let model: CompactModel
  let reference: ReferenceNetwork

  /// Makes a network with a part of its weights, and random standard deviations if asked for; of operations only that pass moments
  /// if these are asked for.
  init(
    seed: UInt64, hasDeviations: Bool = false, activations: [Activation] = Activation.allCases,
    hasMoments: Bool = false
  ) {
    var generator = SeededGenerator(seed: seed)
    let network = RandomNetworks.make(
      using: &generator, activations: activations, hasAttention: !hasMoments,
      sharesWeights: !hasMoments)
    self.init(network, hasDeviations: hasDeviations, using: &generator)
  }

  /// Gives a network a part of its weights.
  init(_ network: Network, hasDeviations: Bool = false, using generator: inout SeededGenerator) {
    var weights = RandomNetworks.weights(for: network, using: &generator)
    let density: Double = [0.05, 0.3, 0.6, 1].randomElement(using: &generator) ?? 1
    for index in weights.indices {
      for place in weights[index].weights.indices
      where Double.random(in: 0..<1, using: &generator) >= density {
        weights[index].weights[place] = 0
      }
    }
    var matrices: [SparseMatrix] = []
    for (parameter, weights) in zip(network.parameters, weights) {
      let columnCount = parameter.weights.columnCount
      var (rowStarts, columns, values): ([UInt32], [UInt32], [Float]) = ([0], [], [])
      for row in 0..<parameter.weights.rows {
        for column in 0..<columnCount {
          let weight = weights.weights[row * columnCount + column]
          guard weight != 0 else { continue }
          columns.append(UInt32(column))
          values.append(Float(weight))
        }
        rowStarts.append(UInt32(columns.count))
      }
      func deviations(_ count: Int) -> [Float] {
        (0..<count).map { _ in Float.random(in: 0.02...0.2, using: &generator) }
      }
      matrices.append(
        SparseMatrix(
          SparsePattern(columnCount: columnCount, rowStarts: rowStarts, columns: columns),
          values: values, biases: weights.biases.map(Float.init),
          standardDeviations: hasDeviations
            ? .init(
              weights: deviations(values.count),
              biases: weights.biases.map { $0 == 0 ? 0 : deviations(1)[0] }) : nil))
    }
    self.network = network
    model = CompactModel(
      network: network, matrices: matrices, output: .numbers(noiseDeviation: nil),
      inputScaling: .identity,
      origin: .init(denseWeightCount: 0, denseBiasCount: 0, removedCount: 0, criterion: "snr"))
    reference = ReferenceNetwork(network, weights)
  }
}

extension ReferenceNetwork {
  /// The same network with the weights of a model.
  init(_ model: CompactModel) {
    self.init(
      model.network,
      model.matrices.map { matrix in
        var weights = [Double](repeating: 0, count: matrix.rowCount * matrix.columnCount)
        for row in 0..<matrix.rowCount {
          for entry in matrix.pattern.entries(ofRow: row) {
            weights[row * matrix.columnCount + Int(matrix.pattern.columns[entry])] =
              Double(matrix.values[entry])
          }
        }
        return Weights(weights: weights, biases: matrix.biases.map(Double.init))
      })
  }
}
