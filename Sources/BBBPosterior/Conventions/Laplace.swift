import BBBNetwork
import BBBTensors

extension ConventionReader {
  /// laplace-torch's diagonal posterior: flat vectors of means and of curvature.
  static let laplace = ConventionReader(name: "laplace-torch", layout: .fixed(.outputInput)) {
    (file, options) throws(PosteriorError) in
    let curved = foldersWithCurvature(in: file)
    for mean in file.tensors where mean.shape.count == 1 {
      guard ParameterName.lastComponent(of: mean.name) == "mean" else { continue }
      let state = LaplaceState(file: file, folder: String(mean.name.dropLast("mean".count)))
      guard curved.contains(state.folder), state.hasPrior else { continue }
      try options.refuseScaleKind(of: "laplace-torch", path: file.path)
      return try state.read(mean, options)
    }
    return nil
  }
}

/// The text before the last component `H` of each name: where a tensor, dictionary or list of
/// curvature lies.
private func foldersWithCurvature(in file: TensorFile) -> Set<String> {
  var folders: Set<String> = []
  for tensor in file.tensors {
    let name = tensor.name
    let components = name.split(separator: "/", omittingEmptySubsequences: false)
    guard let curvature = components.last(where: { $0 == "H" || $0.hasSuffix(".H") }) else {
      continue
    }
    folders.insert(String(name[..<name.index(before: curvature.endIndex)]))
  }
  return folders
}

/// The state dictionary of a Laplace approximation.
private struct LaplaceState {
  let file: TensorFile
  let folder: String

  /// Whether the precision of the prior stands beside the mean.
  var hasPrior: Bool {
    let prior = folder + "prior_precision"
    return file[prior] != nil || file.scalars[prior] != nil
  }

  func read(_ mean: Tensor, _ options: PosteriorOptions) throws(PosteriorError) -> Reading {
    guard let curvature = file[folder + "H"], curvature.shape.count == 1 else {
      throw PosteriorError(
        .unsupported, path: file.path,
        """
        "\(folder)H" is a matrix or a list of Kronecker factors, so weights are correlated; use a \
        diagonal approximation: Laplace(model, …, hessian_structure="diag")
        """)
    }
    // The checks of a pair of tensors, before the vectors are taken apart.
    let whole = try GaussianTensor(
      mean: mean, scale: curvature, parametrisation: .standardDeviation, mask: nil, path: file.path)
    let (vector, certain) = try parts(of: mean, options)
    let factor = try curvatureFactor(atMost: mean.count)
    let priors = try values("prior_precision", atMost: mean.count) ?? []
    let means = try vector.split(whole.mean)
    let perElement = priors.count == mean.count && priors.count > 1
    let scales = try vector.split(
      perElement ? precision(curvature, factor: factor, priors: priors) : curvature)
    guard perElement || priors.count == 1 || priors.count == means.count else {
      throw PosteriorError(
        .shapeMismatch, path: file.path,
        """
        "\(folder)prior_precision" has \(priors.count) elements; it must have 1, one for each of the \
        \(means.count) parameter tensors, or one for each of the \(mean.count) parameters
        """)
    }
    var reading = Reading(
      parameters: certain, explained: ownNames,
      warnings: [vector.doubt].compactMap(\.self), usesModel: true)
    for (position, part) in vector.parts.enumerated() {
      let parametrisation: ScaleParametrisation =
        if perElement {
          .laplace(curvatureFactor: 1, priorPrecision: 0)
        } else {
          .laplace(
            curvatureFactor: factor, priorPrecision: priors[priors.count == 1 ? 0 : position])
        }
      reading.parameters.append(
        GaussianParameter(
          name: part.name,
          gaussian: try file.gaussian(
            mean: means[position], scale: scales[position], parametrisation: parametrisation),
          position: position))
    }
    return reading
  }

  /// The names of all that the library keeps beside the two vectors, such as a batch of the examples.
  private var ownNames: Set<String> {
    let keys = ["mean", "H", "loss", "prior_mean", "prior_precision", "sigma_noise", "data"]
    return Set(
      file.tensors.map(\.name).filter { name in
        keys.contains { name == folder + $0 || name.hasPrefix(folder + $0 + "/") }
      })
  }

  /// The parts of the vector, in an order that the model's values prove, and the parameters that are not in
  /// it, which are certain; from the sizes of the layers if no model is given.
  private func parts(
    of mean: Tensor, _ options: PosteriorOptions
  ) throws(PosteriorError) -> (FlatVector, certain: [GaussianParameter]) {
    guard let model = options.model else {
      return (try FlatVector(of: mean, in: file, options, order: .asListed), [])
    }
    let parameters = try ModelParameters.find(
      in: model, leavingOut: [mean.name, folder + "H"], orderedFor: nil)
    guard let order = try ParameterOrder(of: mean, among: parameters) else {
      let isAll = parameters.elementCount == mean.count
      throw PosteriorError(
        isAll ? .invalidOption : .shapeMismatch, path: file.path,
        """
        the \(mean.count) numbers of "\(mean.name)" are not the values of parameters in \(model.path) \
        (\(parameters.elementCount) elements), which would prove their order; give the model that this \
        posterior was fitted to, as it was then
        """)
    }
    var certain: [GaussianParameter] = []
    for (index, parameter) in order.others.enumerated() {
      // What precedes the last layer comes first; names and sizes then say more.
      certain.append(
        try .certain(parameter, position: index - order.others.count, in: file))
    }
    return (
      FlatVector(parts: order.listed.map { .init(name: $0.name, shape: $0.shape) }), certain
    )
  }

  /// 1/(sigma_noise²·temperature): what the summed curvature of the loss is multiplied by.
  private func curvatureFactor(atMost limit: Int) throws(PosteriorError) -> Double {
    let noise = try values("sigma_noise", atMost: limit)?.first ?? 1
    let temperature = try values("temperature", atMost: limit)?.first ?? 1
    return 1 / (noise * noise * temperature)
  }

  /// The posterior precisions, where each parameter has a prior of its own.
  private func precision(
    _ curvature: Tensor, factor: Double, priors: [Double]
  ) throws(PosteriorError) -> Tensor {
    do throws(TensorFileError) {
      let precisions = zip(try curvature.doubles(), priors).map { factor * $0 + $1 }
      return Tensor(
        name: "\(curvature.name) + \(folder)prior_precision", shape: curvature.shape,
        doubles: precisions)
    } catch {
      throw PosteriorError(error)
    }
  }

  /// A number or tensor of the state, which cannot have more elements than there are parameters.
  private func values(_ key: String, atMost limit: Int) throws(PosteriorError) -> [Double]? {
    guard let tensor = file[folder + key] else {
      return file.scalars[folder + key].map { [$0] }
    }
    guard tensor.count <= limit else {
      throw PosteriorError(
        .shapeMismatch, path: file.path,
        "\"\(tensor.name)\" has \(tensor.count) elements, more than the \(limit) parameters there are"
      )
    }
    do throws(TensorFileError) {
      return try tensor.doubles()
    } catch {
      throw PosteriorError(error)
    }
  }
}
