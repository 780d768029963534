import BBBNetwork
import BBBTensors

/// A library's way to name and parametrise a posterior's tensors, as recognised in a file.
public struct Convention: Equatable, Sendable {
  /// The library, such as `BLiTZ`.
  public let name: String
  /// How standard deviations are computed, such as `σ = log(1 + exp ρ)`.
  public let formula: String
}

/// What recognises one convention and finds the Gaussian parameters in a file that follows it.
struct ConventionReader: Sendable {
  let name: String
  let layout: LayoutRule
  /// Returns nil if the file does not follow the convention.
  let read: @Sendable (TensorFile, PosteriorOptions) throws(PosteriorError) -> Reading?

  /// All conventions, in the order they are tried: the more specific names first.
  static let all: [ConventionReader] =
    [
      .torchUncertainty, .blitz, .torchBNN, .bayesianTorch, .pyTorchBayesianCNN, .antoranNetworks,
      .weightsRho, .torchbayesian, .weightRho, .tensorFlowProbability, .zuko, .swag, .blob,
      .posteriors, .pyroStore, .tyxe,
    ] + pyroAutoNormal + [
      .pyroParameters, .pyroAutoDiagonalNormal, .numPyroAutoNormal, .numPyroAutoDiagonalNormal,
      .bayestorch, .ivon, .bayesianSAM, .laplace, .plainPairs, .locAndScale, .tensorFlowWeights,
      .pointEstimate,
    ]
}

/// What a convention says about the order of a weight matrix's dimensions.
enum LayoutRule: Equatable, Sendable {
  /// The library always writes this layout.
  case fixed(WeightShape.Order)
  /// The user's model decides; this is the usual one, and sizes may say otherwise.
  case usual(WeightShape.Order)

  /// The layout that the library writes, as a rule or always.
  var layout: WeightShape.Order {
    switch self {
    case .fixed(let layout), .usual(let layout): layout
    }
  }
}

/// What a convention found in a file.
struct Reading {
  var parameters: [GaussianParameter]
  /// The names of tensors that are read in parts, or say nothing new, such as copies of others.
  var explained: Set<String> = []
  /// The names of tensors that repeat others, each with the name of the one that was read.
  var copies: [String: String] = [:]
  var warnings: [String] = []
  /// Whether the model that the user gives is where means, names or shapes come from.
  var usesModel = false

  /// The names of all tensors that were read, or say nothing new.
  var knownNames: Set<String> {
    parameters.reduce(into: explained) { names, parameter in
      names.formUnion([parameter.name, parameter.gaussian.mean.name])
      if let scale = parameter.gaussian.scale { names.insert(scale.name) }
    }
  }
}

/// A Gaussian parameter of a network, under the name the model gives it, such as `fc1.weight`.
struct GaussianParameter {
  var name: String
  var gaussian: GaussianTensor
  /// The place in the file, for the order of layers.
  var position: Int
  /// The order of its dimensions, where it differs from the other parameters'.
  var layout: WeightShape.Order?

  /// Whether it is known to be ordinary: without standard deviations, and not for want of a tensor.
  var isCertain = false

  /// A parameter that is certain, beside others that are not.
  ///
  /// - Throws: ``PosteriorError`` if its elements cannot be read.
  static func certain(
    _ parameter: Tensor, position: Int, in file: TensorFile
  ) throws(PosteriorError) -> GaussianParameter {
    GaussianParameter(
      name: parameter.name,
      gaussian: try file.gaussian(mean: parameter, scale: nil, parametrisation: nil),
      position: position, isCertain: true)
  }

  /// Whether this is what a layer is made of: a matrix or kernel, with standard deviations or ordinary.
  ///
  /// A certain bias can have as many dimensions, all but one of extent 1, and is no layer.
  var isWeight: Bool { gaussian.shape.count > 1 && (gaussian.scale != nil || isCertain) }
}

extension Tensor {
  /// Whether this is the mask that our own exports add to each weight.
  var isMask: Bool { name.hasSuffix(".mask") && !elementType.isFloatingPoint }
}

extension TensorFile {
  /// Pairs a tensor of means with its scale and with the mask that an earlier pruning left.
  func gaussian(
    mean: Tensor, scale: Tensor?, parametrisation: ScaleParametrisation?
  ) throws(PosteriorError) -> GaussianTensor {
    let mask = self[mean.name + ".mask"]
    if let mask, mask.elementType.isFloatingPoint || mask.elementType.bitCount != 8 {
      throw PosteriorError(
        .unsupported, path: path,
        "\"\(mask.name)\" holds \(mask.elementType) numbers; a mask must be unsigned bytes, 0 or 1")
    }
    return try GaussianTensor(
      mean: mean, scale: scale, parametrisation: scale == nil ? nil : parametrisation, mask: mask,
      path: path)
  }
}
