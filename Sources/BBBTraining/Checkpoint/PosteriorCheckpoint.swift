import BBBNetwork
import BBBTensors
import Foundation

extension Trainer {
  /// The number formats a checkpoint's tensors can have.
  public enum CheckpointPrecision: String, CaseIterable, Sendable {
    case float32
    /// Half the bytes; means and ρ are rounded to 11 significant bits.
    case float16
  }

  /// The posterior as a safetensors file that describes its network; the plain weights of a point
  /// estimate.
  ///
  /// Tensors are `NAME.weight.mu`, `NAME.weight.rho` (outputs × inputs), `NAME.bias.mu`, … with the names of the network's
  /// nodes; the metadata hold the network's text, of a multilayer perceptron its sizes and activation too, the input scale, what
  /// the outputs are and the configuration.
  ///
  /// - Parameters:
  ///   - precision: The number format of the tensors.
  ///   - metadata: More to say about the file, such as the dataset.
  ///   - others: Tensors to write beside the network's, of other names.
  /// - Returns: The content of the file.
  /// - Throws: `TensorFileError` if it cannot be encoded, or a number is beyond half precision.
  public func checkpoint(
    precision: CheckpointPrecision = .float32, metadata: [String: String] = [:],
    beside others: [Tensor] = []
  ) throws(TensorFileError) -> Data {
    var tensors = others
    for tensor in network.tensors {
      let isPosterior = tensor.rho != nil
      tensors.append(
        try precision.tensor(
          tensor.name + (isPosterior ? ".mu" : ""), tensor.shape, tensor.mean.values))
      if let rho = tensor.rho {
        // Below, the kernels' standard deviation stays at exp(-87), but a reader's would vanish.
        let values = rho.values.map { max($0, -87) }
        tensors.append(try precision.tensor(tensor.name + ".rho", tensor.shape, values))
      }
    }
    return try SafetensorsEncoder.encode(
      tensors, metadata: metadata.merging(description) { $1 })
  }

  private var description: [String: String] {
    var description = [
      "network": configuration.network.textInOneLine,
      "input_scale": "\(configuration.inputScale)",
      "output": "\(configuration.likelihood.output)",
      "likelihood": configuration.likelihood.name,
      "training": configuration.json,
      "epochs_done": "\(stepCount / stepsPerEpoch)",
    ]
    if let shorthand = configuration.network.shorthand {
      description["arch"] = shorthand
      description["activation"] = shorthand.split(separator: " ").last.map(String.init)
    }
    if case .bayesByBackprop(let bayes) = configuration.method {
      description["posterior"] = "gaussian"
      description["prior"] = "\(bayes.prior)"
    } else {
      description["posterior"] = "point"
    }
    return description
  }
}

extension Trainer.CheckpointPrecision {
  fileprivate func tensor(
    _ name: String, _ shape: [Int], _ values: [Float]
  ) throws(TensorFileError) -> Tensor {
    switch self {
    case .float32: return Tensor(name: name, shape: shape, floats: values)
    case .float16:
      if let large = values.first(where: { abs($0) >= 65520 }) {
        throw TensorFileError(
          .unsupported, path: "",
          "\"\(name)\" holds \(large), which half precision cannot hold; save it as float32")
      }
      return Tensor(name: name, shape: shape, halves: values)
    }
  }
}

extension TrainingConfiguration {
  /// The configuration as JSON with sorted keys.
  public var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(self) else {
      preconditionFailure("a checked configuration has finite numbers only")
    }
    return String(decoding: data, as: UTF8.self)
  }
}
