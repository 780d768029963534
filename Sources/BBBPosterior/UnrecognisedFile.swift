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

  /// Options that would read the file, from two tensors of one shape if their names suggest it.
  private var example: String {
    let matrices = file.tensors.filter { $0.shape.count > 1 && !$0.isMask }.prefix(30)
    for (index, first) in matrices.enumerated() {
      for second in matrices.dropFirst(index + 1) where second.shape == first.shape {
        guard let patterns = PatternPair(first.name, second.name) else { continue }
        return patterns.sorted.options()
      }
    }
    return "--mean '*.mean' --scale '*.std' --scale-is sigma"
  }
}
