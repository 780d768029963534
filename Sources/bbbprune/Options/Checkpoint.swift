import BBBONNX
import BBBPosterior
import BBBTensors

/// A checkpoint that was read: a file of tensors, or a graph by itself, whose weights are certain.
struct Checkpoint {
  /// What it holds.
  let posterior: Posterior
  /// Its tensors; of a graph those of its network.
  let tensors: TensorFile
  /// What kind of file it is.
  let format: String
  /// The size of the file in bytes.
  let byteCount: Int

  /// A file of tensors.
  init(_ posterior: Posterior, of tensors: TensorFile) {
    self.posterior = posterior
    self.tensors = tensors
    format = tensors.format.rawValue
    byteCount = tensors.byteCount
  }

  /// A graph by itself.
  init(_ posterior: Posterior, of graph: ONNXGraph) {
    self.posterior = posterior
    tensors = TensorFile(
      path: posterior.path, format: .safetensors,
      tensors: posterior.parameters.flatMap { parameter in
        (parameter.isConstant ? [] : [parameter.weight.mean])
          + [parameter.bias?.mean].compactMap(\.self)
      })
    format = "onnx"
    byteCount = graph.file.data.count
  }
}
