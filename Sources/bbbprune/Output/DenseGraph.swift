import BBBInference
import BBBNetwork
import BBBONNX
import Foundation

/// A model as an ONNX graph for runtimes of dense matrices, checked by running what is read back.
struct DenseGraph {
  /// The whole file.
  let file: Data
  /// The weights that it holds, zeros among them.
  let weightCount: Int

  /// Makes the graph.
  ///
  /// - Parameters:
  ///   - model: What it computes.
  ///   - values: The type of its weights.
  ///   - form: What it makes of the model's outputs.
  ///   - ports: What it takes and gives by name; `nil` for what the network does.
  ///   - path: Where the model comes from, for messages.
  /// - Throws: `CompactModelError` or `ONNXError` if no graph can have the network, ``CommandError`` if what was made gives other
  ///   outputs.
  init(
    _ model: CompactModel, valuesAs values: FloatType, _ form: ONNXWritingOptions.OutputForm,
    ports: Ports? = nil, path: String
  ) throws {
    do {
      let dense = try model.graphNetwork(roundingToHalf: values == .float16)
      let graph = GraphNetwork(
        path: "", network: dense.network, matrices: dense.matrices, output: nil, ports: ports)
      weightCount = graph.matrices.reduce(0) { $0 + $1.weights.count }
      file = try graph.onnxFile(
        ONNXWritingOptions(
          values: values.onnx, output: model.output, inputScaling: model.inputScaling,
          outputForm: form))
      // The end that makes probabilities is left out again; what the network itself ends in is not.
      let read = try ONNXGraph(data: file).network(keepsEnd: form == .raw)
      let difference = Self.running(graph).largestOutputDifference(from: Self.running(read))
      // Sums of other orders differ by far less, other operations by far more.
      guard difference < 0.01 else {
        throw CommandError(
          .unsuitable, path: path,
          "would become a graph whose outputs are others (by \(difference) of the largest), which is an error of this program; "
            + "keep the .bbbz, and report it")
      }
    } catch let error as CompactModelError {
      throw error.located(in: path)
    } catch let error as ONNXError {
      throw error.located(in: path)
    }
  }

  private static func running(_ graph: GraphNetwork) -> CompactModel {
    CompactModel(graph, output: .numbers(noiseDeviation: nil), inputScaling: .identity)
  }
}

extension FloatType {
  /// The type as a graph has it.
  var onnx: ONNXWritingOptions.Values { self == .float32 ? .float32 : .float16 }
}
