import BBBTensors

/// A convention that lays all means in one vector and all scales in another.
struct FlatPosterior: Sendable {
  /// The names of the vectors, alone or in any dictionary.
  let pairs: [(mean: String, scale: String)]
  /// How σ is computed from a scale of a file; not asked where the user says how.
  let parametrisation: Parametrising
  let order: FlatVector.Order

  /// Finds the two vectors and takes them apart; nil if they are not there.
  func read(_ file: TensorFile, _ options: PosteriorOptions) throws(PosteriorError) -> Reading? {
    for (meanName, scaleName) in pairs {
      for mean in file.tensors where mean.shape.count == 1 {
        guard let folder = folder(of: mean.name, named: meanName),
          let scale = file[folder + scaleName]
        else { continue }
        try refuseCovariances(in: folder, of: file)
        return try read(mean, scale, file, options)
      }
    }
    return nil
  }

  private func read(
    _ mean: Tensor, _ scale: Tensor, _ file: TensorFile, _ options: PosteriorOptions
  ) throws(PosteriorError) -> Reading {
    let parametrisation = try options.parametrisation(of: scale, file, self.parametrisation)
    let whole = try GaussianTensor(
      mean: mean, scale: scale, parametrisation: parametrisation, mask: nil, path: file.path)
    let vector = try FlatVector(of: mean, in: file, options, order: order, beside: [scale.name])
    let means = try vector.split(whole.mean)
    let scales = try vector.split(scale)
    var parameters: [GaussianParameter] = []
    for (position, part) in vector.parts.enumerated() {
      parameters.append(
        GaussianParameter(
          name: part.name,
          gaussian: try file.gaussian(
            mean: means[position], scale: scales[position], parametrisation: parametrisation),
          position: position))
    }
    return Reading(
      parameters: parameters, explained: [mean.name, scale.name],
      warnings: [vector.doubt].compactMap(\.self), usesModel: true)
  }

  private func folder(of name: String, named expected: String) -> String? {
    guard name.hasSuffix(expected) else { return nil }
    let folder = String(name.dropLast(expected.count))
    return folder.isEmpty || folder.hasSuffix("/") ? folder : nil
  }

  private func refuseCovariances(in folder: String, of file: TensorFile) throws(PosteriorError) {
    let covariance = file.tensors.first { tensor in
      tensor.name.hasPrefix(folder)
        && ["scale_tril", "cov_factor"].contains {
          tensor.name.dropFirst(folder.count).contains($0)
        }
    }
    guard let covariance else { return }
    throw PosteriorError(
      .unsupported, path: file.path,
      """
      "\(covariance.name)" makes this a Gaussian with covariances, not a mean-field one; fit an \
      AutoNormal or AutoDiagonalNormal guide instead
      """)
  }
}
