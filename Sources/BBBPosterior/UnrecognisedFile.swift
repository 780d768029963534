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
    let matrices = file.tensors.filter { $0.shape.count > 1 }.prefix(30)
    for (index, first) in matrices.enumerated() {
      for second in matrices.dropFirst(index + 1) where second.shape == first.shape {
        guard let patterns = patterns(first.name, second.name) else { continue }
        let isSwapped =
          ScaleKind.named(by: patterns.0) != nil
          || ["mean", "mu", "loc"].contains(where: patterns.1.contains)
        let (mean, scale) = isSwapped ? (patterns.1, patterns.0) : patterns
        let kind = ScaleKind.named(by: scale) ?? .standardDeviation
        return "--mean '\(mean)' --scale '\(scale)' --scale-is \(kind.rawValue)"
      }
    }
    return "--mean '*.mean' --scale '*.std' --scale-is sigma"
  }

  /// Patterns that fit two names which share a beginning or an end; nil if nothing suggests a pair.
  private func patterns(_ first: String, _ second: String) -> (String, String)? {
    let shared = zip(first, second).prefix { $0 == $1 }.map(\.0)
    let stemCount = shared.lastIndex { "._/".contains($0) } ?? 0
    let endings = (first.dropFirst(stemCount), second.dropFirst(stemCount))
    if stemCount > 0, isWord(endings.0), isWord(endings.1) {
      return ("*\(endings.0)", "*\(endings.1)")
    }
    let sharedEnd = zip(first.reversed(), second.reversed()).prefix { $0 == $1 }.map(\.0)
    guard let separator = sharedEnd.lastIndex(where: { "._/".contains($0) }) else { return nil }
    let beginnings = (first.dropLast(separator), second.dropLast(separator))
    return isWord(beginnings.0) && isWord(beginnings.1)
      ? ("\(beginnings.0)*", "\(beginnings.1)*") : nil
  }

  /// Whether text could name a quantity rather than number a layer.
  private func isWord(_ text: Substring) -> Bool {
    text.count > 1 && !text.contains { ("0"..."9").contains($0) }
  }
}
