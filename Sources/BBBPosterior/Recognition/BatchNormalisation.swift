import BBBTensors

/// Batch normalisation as it acts once trained: y = a x + c for each unit, with a = γ/√(v + ε) and
/// c = β − a m, where m and v are the running mean and variance (Ioffe and Szegedy 2015, algorithm 2).
public struct BatchNormalisation: Sendable {
  /// Its name in the model, such as `bn1`.
  public let name: String
  /// ε, the library's default: files do not hold it.
  public let epsilon: Double
  let mean: GaussianTensor
  let variance: GaussianTensor
  /// γ; `nil` if it is 1.
  let scale: GaussianTensor?
  /// β; `nil` if it is 0.
  let shift: GaussianTensor?

  /// The number of units.
  public var unitCount: Int { mean.count }

  /// Every tensor that it is made of, one element for each unit.
  public var tensors: [Tensor] {
    [scale, shift, mean, variance].compactMap(\.self)
      .flatMap { [$0.mean, $0.scale].compactMap(\.self) }
  }

  /// Whether γ or β have standard deviations: only their means are used.
  var hasDeviations: Bool { [scale, shift].contains { $0?.scale != nil } }

  /// The factor a of each unit, and the shift c.
  ///
  /// - Returns: One of each for each unit, both finite.
  /// - Throws: ``PosteriorError`` if a number is not finite, or a variance is negative.
  public func coefficients() throws(PosteriorError) -> (factors: [Double], shifts: [Double]) {
    let means = try mean.means()
    let variances = try variance.means()
    if let index = variances.firstIndex(where: { $0 < 0 }) {
      throw PosteriorError(
        .invalidValue, path: variance.path,
        """
        "\(variance.mean.name)" holds \(variances[index]) at index \(index); a variance must not be \
        negative, so the file is damaged
        """)
    }
    let scales = try scale?.means() ?? means.map { _ in 1 }
    let shifts = try shift?.means() ?? means.map { _ in 0 }
    let factors = zip(scales, variances).map { $0 / ($1 + epsilon).squareRoot() }
    return (factors, zip(shifts, zip(factors, means)).map { $0 - $1.0 * $1.1 })
  }
}

/// A batch normalisation in a file, before it is known where it stands.
struct FoundNormalisation {
  let normalisation: BatchNormalisation
  /// The names of its parameters that the model gives them, such as `bn1.weight`.
  let parameters: [String]
  /// The file that it is in, whose order of tensors may tell where it stands.
  let file: TensorFile
  /// Its place in that order.
  let position: Int

  /// What a library calls the tensors of batch normalisation, and its default of ε.
  private struct Naming {
    let mean: String
    let variance: String
    let scale: String
    let shift: String
    let epsilon: Double
  }

  private static let namings = [
    Naming(
      mean: "running_mean", variance: "running_var", scale: "weight", shift: "bias", epsilon: 1e-5),
    Naming(
      mean: "moving_mean", variance: "moving_variance", scale: "gamma", shift: "beta",
      epsilon: 1e-3),
  ]

  /// Finds batch normalisations by their running statistics.
  ///
  /// - Parameters:
  ///   - file: The checkpoint.
  ///   - options: The user's, of which the model is used where the checkpoint has none.
  ///   - parameters: What a convention found, for γ and β that have a posterior.
  /// - Returns: Those found in the dictionary of the parameters, in file order.
  /// - Throws: ``PosteriorError`` if a tensor's elements cannot be numbers of units.
  static func all(
    in file: TensorFile, _ options: PosteriorOptions, beside parameters: [GaussianParameter]
  ) throws(PosteriorError) -> [FoundNormalisation] {
    let found = try all(in: file, beside: parameters)
    guard found.isEmpty, let model = options.model else { return found }
    return try all(in: model, beside: parameters)
  }

  private static func all(
    in file: TensorFile, beside parameters: [GaussianParameter]
  ) throws(PosteriorError) -> [FoundNormalisation] {
    let byName = Dictionary(parameters.map { ($0.name, $0.gaussian) }) { first, _ in first }
    let dictionary = ParameterName.sharedDictionary(of: parameters.map(\.name))
    var found: [FoundNormalisation] = []
    for (position, tensor) in file.tensors.enumerated() {
      let last = ParameterName.lastComponent(of: tensor.name)
      let ending = last.hasSuffix(":0") ? ":0" : ""
      let stem = String(tensor.name.dropLast(last.count))
      guard !stem.isEmpty, tensor.shape.count == 1, tensor.elementType.isFloatingPoint,
        file.format != .pytorch || ParameterName.sharedDictionary(of: [tensor.name]) == dictionary,
        let naming = namings.first(where: { $0.mean + ending == last }),
        let variance = file[stem + naming.variance + ending], variance.shape == tensor.shape
      else { continue }
      func parameter(_ word: String) throws(PosteriorError) -> GaussianTensor? {
        if let gaussian = byName[stem + word], gaussian.shape == tensor.shape { return gaussian }
        guard let plain = file[stem + word + ending], plain.shape == tensor.shape else {
          return nil
        }
        return try file.gaussian(mean: plain, scale: nil, parametrisation: nil)
      }
      found.append(
        FoundNormalisation(
          normalisation: BatchNormalisation(
            name: String(stem.dropLast()), epsilon: naming.epsilon,
            mean: try file.gaussian(mean: tensor, scale: nil, parametrisation: nil),
            variance: try file.gaussian(mean: variance, scale: nil, parametrisation: nil),
            scale: try parameter(naming.scale), shift: try parameter(naming.shift)),
          parameters: [stem + naming.scale, stem + naming.shift], file: file, position: position))
    }
    return found
  }
}
