import BBBNetwork
import BBBPosterior
import BBBPruning
import BBBTensors
import NetworkReference
import TestSupport

/// A layer as plain pairs: `<name>.weight` with `.sigma`, and a bias.
struct PlainLayer {
  var outputs: Int
  var inputs: Int
  /// (outputs, inputs), row-major.
  var means: [Float]
  var deviations: [Float]
  var biases: [Float]

  /// A layer of random means and deviations, both with some exact repetitions.
  static func random(
    outputs: Int, inputs: Int, using generator: inout SeededGenerator
  ) -> PlainLayer {
    let count = outputs * inputs
    return PlainLayer(
      outputs: outputs, inputs: inputs,
      means: (0..<count).map { _ in Float(Int.random(in: -40...40, using: &generator)) / 32 },
      deviations: (0..<count).map { _ in
        Float(Int.random(in: 1...8, using: &generator)) / 16
      },
      biases: (0..<outputs).map { _ in Float.random(in: -1...1, using: &generator) })
  }
}

/// A checkpoint in memory, layers `fc1`, `fc2`, ….
func file(_ layers: [PlainLayer]) -> TensorFile {
  let tensors = layers.enumerated().flatMap { index, layer in
    let name = "fc\(index + 1)"
    let shape = [layer.outputs, layer.inputs]
    return [
      Tensor(name: "\(name).weight", shape: shape, floats: layer.means),
      Tensor(name: "\(name).weight.sigma", shape: shape, floats: layer.deviations),
      Tensor(name: "\(name).bias", shape: [layer.outputs], floats: layer.biases),
      Tensor(
        name: "\(name).bias.sigma", shape: [layer.outputs],
        floats: layer.biases.map { _ in 0.25 }),
    ]
  }
  return TensorFile(path: "small.safetensors", format: .safetensors, tensors: tensors)
}

func posterior(_ layers: [PlainLayer]) throws -> Posterior {
  // Nothing says what a single output is.
  let output = layers.last?.outputs == 1 ? OutputMeaning.numbers(noiseDeviation: nil) : nil
  return try Posterior(file(layers), options: PosteriorOptions(output: output))
}

extension ReferenceNetwork {
  /// A multilayer perceptron with ReLU, and zeros in place of what a pruning of its posterior removes.
  init(_ layers: [PlainLayer], _ pruning: Pruning) {
    self.init(
      .multilayerPerceptron([layers[0].inputs] + layers.map(\.outputs), activation: .relu),
      layers.enumerated().map { index, layer in
        func left(_ values: [Float], isBias: Bool) -> [Double] {
          guard let mask = pruning.mask(ofParameter: index, isBias: isBias) else {
            return values.map(Double.init)
          }
          return zip(values, mask).map { $1 ? Double($0) : 0 }
        }
        return Weights(
          weights: left(layer.means, isBias: false), biases: left(layer.biases, isBias: true))
      })
  }
}
