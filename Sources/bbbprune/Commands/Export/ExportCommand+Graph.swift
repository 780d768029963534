import BBBConditioning
import BBBErrors
import BBBNetwork
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

  /// Whether the graph is that of the network that is left, and not the one that was given.
  var isSmallerGraph: Bool { isGraph && (compact || pruning.units || calibration.conditions) }

  /// Refuses a graph whose output would not depend on the input, as a .bbbz is.
  func refuseConstant(
    _ posterior: Posterior, _ ranking: Ranking, _ pruned: Pruning,
    _ conditioned: ConditionedNetwork?, _ examples: CalibrationInputOptions.Calibration?,
    asked: Double?
  ) throws {
    guard asked != 1 else { return }
    // What outputs mean is of no account here.
    let network = try DenseNetwork(
      posterior, readsDeviations: false, output: .numbers(noiseDeviation: nil))
    let storage = ValueStorage.floats(.float32)
    let exporter = try ModelExporter(network)
    let export = try (conditioned.map { try ModelExporter($0.network) } ?? exporter)
      .export(pruned, as: storage)
    try ConstantFile(checkpoint: checkpoint, exporter: exporter, inputs: examples?.examples)
      .refuse(export, as: storage, of: pruned, unpruned: try ranking.pruning(atSparsity: 0))
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
      removing: removed, valuesAs: (values.values ?? .float32).onnx)
    try OutputFile.write(content, to: output)
    try report(
      posterior, pruned, byteCount: content.count, asked: asked, model: nil,
      denseCount: binding.network.parameters.reduce(0) {
        $0 + $1.weights.count + ($1.hasBias ? $1.weights.rows : 0)
      })
  }

  /// Writes a graph of the network that is left, which has the input and the output of the one that was given, if one was.
  func writeSmallerGraph(
    _ posterior: Posterior, _ pruned: Pruning, _ conditioned: ConditionedNetwork?,
    _ examples: CalibrationInputOptions.Calibration?, asked: Double?
  ) throws {
    let network = try conditioned?.network ?? DenseNetwork(posterior, readsDeviations: false)
    let model = network.compacted(by: pruned, inCodingOrder: false)
    var form = ONNXWritingOptions.OutputForm.raw
    var ports: Ports?
    if let graphPath {
      let given = try ONNXGraph(contentsOf: graphPath, options: try reading.graph.options())
      let network = try given.network()
      ports = network.ports
      // What makes probabilities at the given graph's end is no part of the network.
      if network.output?.isClassification == true { form = .init(endOf: given) }
    }
    let graph = try DenseGraph(
      model, valuesAs: values.values ?? .float32, form, ports: ports, path: checkpoint)
    try OutputFile.write(graph.file, to: output)
    try report(
      posterior, pruned, byteCount: graph.file.count, asked: asked, model: nil,
      written: model.weightCount, denseCount: network.denseByteCount / 4, conditioned: conditioned,
      calibration: examples)
  }
}
