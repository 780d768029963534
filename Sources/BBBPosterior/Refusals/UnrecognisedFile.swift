import BBBTensors

/// Explains why no convention fits a file, and how to read it all the same.
struct UnrecognisedFile {
  let file: TensorFile

  /// The error, with what the file holds and an example made of its names.
  var error: PosteriorError {
    let tensors = file.tensors.filter { $0.elementType.isFloatingPoint }
    guard !tensors.isEmpty else {
      return PosteriorError(
        .unrecognised, path: file.path,
        "the file holds no floating-point tensor; give the checkpoint with the trained weights")
    }
    let found = "found: \(listing(of: file.tensors))"
    if tensors.allSatisfy({ $0.name.hasPrefix("arr_") }) {
      return PosteriorError(
        .unrecognised, path: file.path,
        """
        numpy.savez was given arrays without names; save them with names, such as \
        numpy.savez(path, **{w.name: w.numpy() for w in model.weights}); \(found)
        """)
    }
    if let (mean, sought) = loneMean {
      return PosteriorError(
        .incomplete, path: file.path,
        """
        "\(mean)" looks like a mean, but no standard deviation stands beside it (looked for \
        \(sought.joined(separator: ", "))); save both, or name them with \(example); \(found)
        """)
    }
    if tensors.allSatisfy({ isOrdinary($0.name) }) {
      return PosteriorError(
        .incomplete, path: file.path,
        """
        these are the weights of an ordinary network, without standard deviations; save the \
        posterior (for IVON and laplace-torch their own state_dict() too), or name the standard \
        deviations with \(example); \(found)
        """)
    }
    return PosteriorError(
      .unrecognised, path: file.path,
      """
      its tensors follow no convention known here; say which are the means and the standard \
      deviations, for example \(example); \(found)
      """)
  }

  /// A name that ends as means do, and the names its standard deviation could have had.
  private var loneMean: (mean: String, sought: [String])? {
    for tensor in file.tensors where tensor.shape.count > 1 && tensor.elementType.isFloatingPoint {
      for ending in ["_mu", ".mu", "_mean", ".mean"] where tensor.name.hasSuffix(ending) {
        let stem = tensor.name.dropLast(ending.count) + ending.prefix(1)
        return (tensor.name, ["rho", "log_sigma", "sigma", "logvar"].map { "\"\(stem)\($0)\"" })
      }
      for (mean, scale) in [("mu_weight", "rho_weight"), ("mu_kernel", "rho_kernel")]
      where tensor.name.hasSuffix(mean) {
        return (tensor.name, ["\"\(tensor.name.dropLast(mean.count))\(scale)\""])
      }
    }
    return nil
  }

  private func isOrdinary(_ name: String) -> Bool {
    ["weight", "bias", "kernel", "running_mean", "running_var"]
      .contains(ParameterName.lastComponent(of: name))
  }

  /// Options that would read the file, from two tensors of one shape if their names and values suggest it.
  private var example: String {
    let candidates = file.tensors.filter { tensor in
      !tensor.shape.isEmpty && tensor.elementType.isFloatingPoint && !tensor.isMask
        && !ParameterName.isNoisePriorOrMask(tensor.name)
        && !ParameterName.isTrainingState(tensor.name) && !ParameterName.isBuffer(tensor.name)
    }
    let matrices = candidates.filter { $0.shape.count > 1 }
    if let options = options(for: matrices.prefix(30)) { return options }
    // Vectors of all parameters are named whole; their shapes come from the model.
    if matrices.isEmpty, let options = options(for: candidates.prefix(30)) {
      return options + " --model FILE"
    }
    return "--mean '*.mean' --scale '*.std' --scale-is sigma"
  }

  private func options(for tensors: ArraySlice<Tensor>) -> String? {
    for (index, first) in tensors.enumerated() {
      for second in tensors.dropFirst(index + 1) where second.shape == first.shape {
        guard let patterns = PatternPair(first.name, second.name) else { continue }
        let (mean, scale) = patterns.isSwapped ? (second, first) : (first, second)
        guard let values = try? mean.valueSummary(), !values.isMask || values.greatest == 0,
          let kinds = kinds(of: scale, patterns.sorted.scale)
        else { continue }
        let sorted = patterns.sorted
        return "--mean '\(sorted.mean)' --scale '\(sorted.scale)' --scale-is \(kinds)"
      }
    }
    return nil
  }

  /// What a scale can be by its name and its values; nil if it can be none.
  private func kinds(of scale: Tensor, _ pattern: String) -> String? {
    guard let values = try? scale.valueSummary(), !values.isMask || values.greatest == 0 else {
      return nil
    }
    let suggested = ScaleKind.suggested(by: pattern)
    switch suggested {
    case .rho, .logStandardDeviation, .logVariance: break
    case .standardDeviation where values.negativeShare <= 0.5 && values.greatest > 0: break
    case .variance where values.canBePositive, .precision where values.canBePositive,
      .root where values.canBePositive:
      break
    case nil where values.canBePositive: return ScaleKind.standardDeviation.rawValue
    default:
      return "rho or log-sigma (its numbers are not positive, so they are no standard deviations)"
    }
    return suggested?.rawValue
  }
}
