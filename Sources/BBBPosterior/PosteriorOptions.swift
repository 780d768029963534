import BBBNetwork
import BBBTensors

/// What the user says about a file that its bytes do not say.
public struct PosteriorOptions: Sendable {
  /// The names of the means, with one `*` for the part they share with the scales, such as `*.loc`.
  public var meanPattern: String?
  /// The names of the tensors that give the standard deviations, such as `*.spread`.
  public var scalePattern: String?
  /// How the standard deviations are computed from their tensors; overrides the convention.
  public var scaleKind: ScaleKind?
  /// The number of inputs, of units in each hidden layer and of outputs, such as `[784, 64, 10]`.
  ///
  /// Gives the shapes of a posterior that is stored as flat vectors; checked against any other.
  public var layerSizes: [Int]?
  /// The network's own weights, where the posterior is stored as flat vectors or without means.
  public var model: TensorFile?
  /// The factor the inputs were multiplied by in training, such as 1/255.
  public var inputScale: Double?
  /// What was subtracted from the inputs then, one number or one per channel.
  public var inputMeans: [Double]?
  /// What the inputs were divided by then, one number or one per channel.
  public var inputDeviations: [Double]?
  /// The network that the parameters belong to.
  public var network: Network?
  /// The same as a graph, with the means, or what an exporter made of them, as its weights.
  public var graph: GraphNetwork?
  /// The function between layers.
  public var activation: Activation?
  /// What the outputs of the last layer are.
  public var output: OutputMeaning?
  /// Whether biases are left out, for files that hold biases the network does not use.
  public var ignoresBiases: Bool
  /// Whether weights with μ = 0 and ρ = 0 (log σ = 0, or σ = ln 2) are read as removed: scripts prune so,
  /// though ρ = 0 means σ = ln 2.
  public var readsResetAsRemoved: Bool

  /// Creates options; everything left out is found in the file.
  ///
  /// - Parameters:
  ///   - meanPattern: The names of the means, with one `*`; needs `scalePattern`.
  ///   - scalePattern: The names of what the standard deviations are computed from, with one `*`;
  ///     needs `meanPattern`.
  ///   - scaleKind: How they are computed, whatever the convention says.
  ///   - layerSizes: The number of inputs, of units in each hidden layer and of outputs.
  ///   - model: The network's own weights.
  ///   - inputScale: The factor the inputs were multiplied by in training; positive.
  ///   - inputMeans: What was subtracted then, one number or one per channel; finite.
  ///   - inputDeviations: What was divided by then, one number or one per channel; positive.
  ///   - network: The network that the parameters belong to; its lines are named as the layers in the file.
  ///   - graph: The same as a graph, whose numbers say which weights are which; in place of `network`.
  ///   - activation: The function between layers.
  ///   - output: What the outputs of the last layer are.
  ///   - ignoresBiases: Whether biases are left out.
  ///   - readsResetAsRemoved: Whether weights that a script reset to ρ = 0 are read as removed.
  public init(
    meanPattern: String? = nil, scalePattern: String? = nil, scaleKind: ScaleKind? = nil,
    layerSizes: [Int]? = nil, model: TensorFile? = nil, inputScale: Double? = nil,
    inputMeans: [Double]? = nil, inputDeviations: [Double]? = nil, network: Network? = nil,
    graph: GraphNetwork? = nil, activation: Activation? = nil, output: OutputMeaning? = nil,
    ignoresBiases: Bool = false, readsResetAsRemoved: Bool = false
  ) {
    self.meanPattern = meanPattern
    self.scalePattern = scalePattern
    self.scaleKind = scaleKind
    self.layerSizes = layerSizes
    self.model = model
    self.inputScale = inputScale
    self.inputMeans = inputMeans
    self.inputDeviations = inputDeviations
    self.network = network
    self.graph = graph
    self.activation = activation
    self.output = output
    self.ignoresBiases = ignoresBiases
    self.readsResetAsRemoved = readsResetAsRemoved
  }
}

/// The quantity a tensor holds from which standard deviations are computed, as users name it.
public enum ScaleKind: String, CaseIterable, Sendable {
  /// The standard deviation σ itself.
  case standardDeviation = "sigma"
  /// ρ, where σ = log(1 + exp ρ).
  case rho
  /// log σ.
  case logStandardDeviation = "log-sigma"
  /// log σ².
  case logVariance = "log-variance"
  /// σ².
  case variance
  /// 1/σ².
  case precision
  /// ρ, where σ = ρ².
  case root = "rho-squared"

  /// The formula for the standard deviation.
  public var parametrisation: ScaleParametrisation {
    switch self {
    case .standardDeviation: .standardDeviation
    case .rho: .softplus()
    case .logStandardDeviation: .logStandardDeviation
    case .logVariance: .logVariance
    case .variance: .variance
    case .precision: .precision
    case .root: .square
    }
  }

  /// The words by which users' own files name each quantity, longest first where one ends another.
  static let words: [(word: String, kind: ScaleKind)] = [
    ("log_sigma", .logStandardDeviation), ("logsigma", .logStandardDeviation),
    ("log_std", .logStandardDeviation), ("logstd", .logStandardDeviation),
    ("log_sd", .logStandardDeviation), ("log_scale", .logStandardDeviation),
    ("log_var", .logVariance), ("logvar", .logVariance), ("log_variance", .logVariance),
    ("softplus_inv_scale", .rho), ("rho", .rho), ("sigma", .standardDeviation),
    ("std", .standardDeviation), ("stddev", .standardDeviation),
  ]

  /// Further words that suggest a quantity, though other tensors are called so too.
  private static let weakWords: [(word: String, kind: ScaleKind)] = [
    ("variance", .variance), ("var", .variance), ("precision", .precision), ("prec", .precision),
    ("scale", .standardDeviation), ("sd", .standardDeviation),
  ]

  /// The quantity that a name or pattern says it holds, if it ends in one of the known words.
  static func named(by name: String) -> ScaleKind? {
    let text = name.lowercased().split(separator: "*").joined()
    let trimmed = text.last.map("./_".contains) == true ? String(text.dropLast()) : text
    return words.first { trimmed.hasSuffix($0.word) }?.kind
  }

  /// The quantity that a name suggests, by one of the known words anywhere in it.
  static func suggested(by name: String) -> ScaleKind? {
    let text = name.lowercased()
    return named(by: name) ?? words.first { text.contains($0.word) }?.kind
      ?? weakWords.first { word, _ in text.split { "./_*".contains($0) }.contains { $0 == word } }?
      .kind
  }
}

extension PosteriorOptions {
  /// Checks that the kind of scale is left to a convention that computes σ from curvature.
  ///
  /// - Parameters:
  ///   - convention: The library.
  ///   - quantity: What it stores.
  ///   - path: The file.
  /// - Throws: ``PosteriorError`` if the user names a kind.
  func refuseScaleKind(
    of convention: String, storing quantity: String = "curvature", path: String
  ) throws(PosteriorError) {
    guard let scaleKind else { return }
    throw PosteriorError(
      .invalidOption, path: path,
      """
      --scale-is \(scaleKind.rawValue) does not fit this file: \(convention) stores \(quantity), from \
      which the standard deviations are computed; leave --scale-is out
      """)
  }

  /// An option that speaks of a chain of layers, as it was given; nil if none was.
  var chainOption: String? {
    activation.map { "--activation \($0.rawValue)" }
      ?? layerSizes.map { "--layers \($0.map(String.init).joined(separator: ","))" }
  }

  /// An option about tensors, or about what a graph says itself, as it was given; nil if none was.
  var optionForTensors: String? {
    let given = [
      ("--mean", meanPattern != nil), ("--scale", scalePattern != nil),
      ("--scale-is", scaleKind != nil), ("--model", model != nil),
      ("--network", network != nil || graph != nil), ("--no-biases", ignoresBiases),
      ("--removed-by-rho-zero", readsResetAsRemoved),
    ]
    return given.first(where: \.1)?.0 ?? chainOption
  }

  /// Checks what makes no sense for any file.
  func check(path: String) throws(PosteriorError) {
    if let scale = inputScale, !(scale > 0 && scale.isFinite) {
      throw PosteriorError(
        .invalidOption, path: path, "--input-scale must be a positive number, such as 1/255")
    }
    if let means = inputMeans, means.isEmpty || !means.allSatisfy(\.isFinite) {
      throw PosteriorError(
        .invalidOption, path: path,
        "--input-mean must be a number, or one for each channel, such as 0.1307")
    }
    if let deviations = inputDeviations,
      deviations.isEmpty || !deviations.allSatisfy({ $0 > 0 && $0.isFinite })
    {
      throw PosteriorError(
        .invalidOption, path: path,
        "--input-deviation must be a positive number, or one for each channel, such as 0.3081")
    }
    if network != nil || graph != nil, let other = chainOption {
      throw PosteriorError(
        .invalidOption, path: path,
        "\(other) and --network both say what the network is; leave one out")
    }
    // The largest sizes whose products still add up within an Int.
    if let sizes = layerSizes,
      !(2...1000).contains(sizes.count) || !sizes.allSatisfy({ (1...(1 << 24)).contains($0) })
    {
      throw PosteriorError(
        .invalidOption, path: path,
        """
        --layers needs the number of inputs, of units in each hidden layer and of outputs, such as \
        784,100,10, each from 1 to \(1 << 24)
        """)
    }
  }
}
