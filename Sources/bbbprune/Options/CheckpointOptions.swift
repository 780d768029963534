import ArgumentParser
import BBBErrors
import BBBInference
import BBBNetwork
import BBBONNX
import BBBPosterior
import BBBTensors

/// How to read a checkpoint whose file does not tell everything.
struct CheckpointOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Names of the mean tensors, '*' for what varies: '*.weight_mean'.", valueName: "pattern"))
  var mean: String?

  @Option(
    help: ArgumentHelp(
      "Names of the tensors that σ is computed from: '*.weight_std'.", valueName: "pattern"))
  var scale: String?

  @Option(
    help: ArgumentHelp(
      """
      What those tensors hold: sigma (σ itself), rho (σ = log(1 + exp ρ)), log-sigma, log-variance, variance, \
      precision (1/σ²) or rho-squared (σ = ρ²).
      """,
      valueName: "kind"))
  var scaleIs: ScaleKind?

  @Option(
    help: ArgumentHelp(
      "A second file that gives the shapes for flat vectors, such as the model's own state_dict.",
      valueName: "file"))
  var model: String?

  @Option(
    help: ArgumentHelp(
      "The layers' sizes, for flat vectors without shapes: 784,64,10.", valueName: "sizes"))
  var layers: LayerSizes?

  @Option(
    help: ArgumentHelp(
      """
      The network that the weights belong to, where the checkpoint does not say: the mean network as ONNX, or text \
      (docs/networks.md).
      """,
      valueName: "file"))
  var network: NetworkArgument?

  @OptionGroup var graph: GraphOptions

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The factor for byte inputs, a number or a fraction: 1/126. Default: the checkpoint's own, else 1/255.",
      valueName: "factor"))
  var inputScale: InputScale?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "What was subtracted from the scaled inputs in training, one number or one per channel: 0.1307.",
      valueName: "means"))
  var inputMean: NumberList?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "What they were divided by then, one number or one per channel: 0.3081.",
      valueName: "deviations"))
  var inputDeviation: NumberList?

  @Option(
    help: ArgumentHelp(
      "The function between layers. Default: the checkpoint's own, else relu.", valueName: "name"))
  var activation: Activation?

  @Option(
    name: .customLong("output"),
    help: ArgumentHelp(
      "What the outputs are: classes, binary (one probability), numbers (with the targets' noise: "
        + "numbers:0.5) or mean-and-log-variance. Default: the checkpoint's own, else classes.",
      valueName: "meaning"),
    transform: OutputMeaning.init(argument:))
  var outputMeaning: OutputMeaning?

  @Flag(help: "Leave out biases, where a library saves some that the network does not use.")
  var noBiases = false

  @Flag(
    help: """
      Read weights with ρ = 0 (unless all have), or with μ = 0 and log σ = 0, as removed: scripts that \
      prune so leave σ = ln 2 (or 1) behind.
      """)
  var removedByRhoZero = false

  /// The files that are read beside the checkpoint.
  var files: [String?] { [model, network?.path] }

  /// Checks that nothing was said about reading a checkpoint: a `.bbbz` model carries it all.
  func checkUnused(for path: String) throws {
    let isUnused =
      mean == nil && scale == nil && scaleIs == nil && model == nil && layers == nil
      && network == nil && graph.given == nil
      && inputScale == nil && inputMean == nil && inputDeviation == nil && activation == nil
      && outputMeaning == nil && !noBiases && !removedByRhoZero
    guard isUnused else {
      throw ValidationError(
        "'\(path)' is a .bbbz model, which says itself how it is read: leave out the options for "
          + "reading a checkpoint.")
    }
  }

  /// The same options without the factor for inputs, if they are for a `.bbbz` model, whose inputs `predict` can
  /// scale before it is run.
  func withoutInputScale(for path: String) -> CheckpointOptions {
    var options = self
    if CompactModel.isCompactModel(path: path) { options.inputScale = nil }
    return options
  }

  /// Reads a checkpoint, and shows its warnings, and what is assumed of its network, on standard error.
  ///
  /// - Parameters:
  ///   - path: A file of tensors, or a graph.
  ///   - keepsEnd: Whether a softmax or sigmoid that ends a graph by itself is run, and not only told as what the outputs are.
  /// - Returns: What was read.
  /// - Throws: `ValidationError` if an option is not for such a file, and what reading it throws.
  func checkpoint(at path: String, keepsEnd: Bool = false) throws -> Checkpoint {
    let checkpoint: Checkpoint
    if GraphFile.isGraph(path) {
      guard network == nil else {
        throw ValidationError(
          "'\(path)' is a graph, which says itself what its network is: leave out '--network'.")
      }
      let read = try ONNXGraph(contentsOf: path, options: try graph.options())
      var options = try posteriorOptions()
      if keepsEnd { options.output = nil }
      checkpoint = Checkpoint(
        try Posterior(try read.network(keepsEnd: keepsEnd), options: options), of: read)
    } else {
      if let option = graph.given, network?.isGraph != true {
        throw ValidationError(
          "'\(option)' is for graphs (ONNX), and '\(path)' is none: leave it out, or give the graph with '--network'."
        )
      }
      let file = try TensorFile(contentsOf: path)
      checkpoint = Checkpoint(try Posterior(file, options: try posteriorOptions()), of: file)
    }
    for warning in checkpoint.posterior.warnings {
      StandardError.writeText("warning: \(warning.withoutControlCharacters)\n")
    }
    AssumptionLine.write(checkpoint.posterior)
    return checkpoint
  }

  private func posteriorOptions() throws -> PosteriorOptions {
    let described = try network?.description(try graph.options())
    return PosteriorOptions(
      meanPattern: mean, scalePattern: scale, scaleKind: scaleIs, layerSizes: layers?.sizes,
      model: try model.map(TensorFile.init(contentsOf:)), inputScale: inputScale?.factor,
      inputMeans: inputMean?.numbers, inputDeviations: inputDeviation?.numbers,
      network: described?.network, graph: described?.graph, activation: activation,
      output: outputMeaning, ignoresBiases: noBiases, readsResetAsRemoved: removedByRhoZero)
  }
}

extension ScaleKind: ExpressibleByArgument {}

/// Comma-separated layer sizes.
struct LayerSizes: ExpressibleByArgument {
  let sizes: [Int]

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    sizes = parts.compactMap { Int($0) }
    guard sizes.count == parts.count, sizes.count >= 2, sizes.allSatisfy({ $0 > 0 }) else {
      return nil
    }
  }
}
