import BBBNetwork
import TestSupport

@testable import BBBInference

extension ChainLayer {
  /// A layer whose weights are each present with probability `density`.
  ///
  /// Some outputs may have none, unless `fillsOutputs`.
  static func random(
    inputs: Int, outputs: Int, density: Double, activation: Activation = .relu,
    fillsOutputs: Bool = false, using generator: inout SeededGenerator
  ) -> ChainLayer {
    var rowStarts: [UInt32] = [0]
    var columns: [UInt32] = []
    for output in 0..<outputs {
      for input in 0..<inputs where Double.random(in: 0..<1, using: &generator) < density {
        columns.append(UInt32(input))
      }
      if fillsOutputs, columns.count == rowStarts[output] {
        columns.append(UInt32(output % inputs))
      }
      rowStarts.append(UInt32(columns.count))
    }
    let values = columns.map { _ in Float.random(in: -1...1, using: &generator) }
    let biases = (0..<outputs).map { _ in Float.random(in: -1...1, using: &generator) }
    return ChainLayer(
      inputCount: inputs, rowStarts: rowStarts, columns: columns, values: values, biases: biases,
      activation: activation)
  }
}

extension CompactModel {
  /// A classifier with layers of the sizes given.
  static func random(
    sizes: [Int], density: Double, seed: UInt64, inputScaling: InputScaling = .pixels
  ) -> CompactModel {
    var generator = SeededGenerator(seed: seed)
    let layers = sizes.indices.dropLast().map { index in
      ChainLayer.random(
        inputs: sizes[index], outputs: sizes[index + 1], density: density,
        activation: index == sizes.count - 2 ? .none : .relu,
        fillsOutputs: index < sizes.count - 2, using: &generator)
    }
    let possible = zip(sizes, sizes.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
    let kept = layers.reduce(0) { $0 + $1.weightCount }
    return CompactModel(
      layers: layers, output: .classes, inputScaling: inputScaling,
      origin: Origin(
        denseWeightCount: possible, denseBiasCount: sizes.dropFirst().reduce(0, +),
        removedCount: possible - kept, criterion: "snr"))
  }
}
