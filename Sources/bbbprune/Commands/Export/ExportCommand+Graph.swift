import BBBErrors
import BBBONNX
import BBBPosterior
import BBBPruning
import BBBTensors

/// What `export` writes for other runtimes.
extension ExportCommand {
  /// The graph that the network is read from; `nil` if it is none.
  var graphPath: String? {
    if GraphFile.isGraph(checkpoint) { return checkpoint }
    return reading.network?.isGraph == true ? reading.network?.path : nil
  }

  /// Writes the graph that the network was read from, with zeros in place of weights that are removed.
  func writeGraph(_ posterior: Posterior, _ pruned: Pruning, asked: Double?) throws {
    guard let path = graphPath, let binding = try? posterior.binding.get() else {
      throw CommandError(
        .unsuitable, path: checkpoint, "is bound to no graph; give it with --network")
    }
    let removed = zip(binding.parameters, binding.weights).map { parameter, shape in
      pruned.mask(ofParameter: parameter).map { mask in shape.byRow(mask.map { !$0 }) }
    }
    let content = try ONNXGraph(contentsOf: path, options: try reading.graph.options()).file(
      removing: removed)
    try OutputFile.write(content, to: output)
    try report(
      posterior, pruned, byteCount: content.count, asked: asked, model: nil,
      denseCount: binding.network.parameters.reduce(0) {
        $0 + $1.weights.count + ($1.hasBias ? $1.weights.rows : 0)
      })
  }
}
