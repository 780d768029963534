import BBBTensors

/// What a checkpoint holds and cannot be read: an error where it may be the network's, else told of.
enum UnreadParts {
  /// The modules whose objects libraries save beside a network, and which no weights are in.
  private static let harmlessModules = [
    "builtins", "argparse", "numpy", "datetime", "pathlib", "collections", "types", "enum",
    "random",
    "torch.device", "torch.dtype", "torch.Generator", "torch.distributions", "torch.optim", "pyro",
    "omegaconf", "functools", "_codecs", "decimal", "uuid",
  ]

  /// Refuses a file with tensors of kinds that are not read, other than an optimiser's.
  ///
  /// - Parameter file: The checkpoint.
  /// - Throws: ``PosteriorError`` that names the tensors, and how to save them so that they are read.
  static func refuse(in file: TensorFile) throws(PosteriorError) {
    guard file.format == .pytorch else { return }
    let unread = file.unreadTensors.filter { !ParameterName.isTrainingState($0.name) }
    guard let first = unread.first else { return }
    let others = unread.dropFirst().map(\.name)
    let more = others.isEmpty ? "" : " (and so are others: \(listing(of: others)))"
    throw PosteriorError(
      .unsupported, path: file.path,
      "\"\(first.name)\" is \(first.kind.description), which is not read\(more); \(first.kind.remedy)"
    )
  }

  /// What is left out because it cannot be read, one sentence for each kind.
  static func warnings(in file: TensorFile) -> [String] {
    var warnings: [String] = []
    let arrays = file.format == .pytorch ? [] : file.unreadTensors
    if let first = arrays.first {
      warnings.append(
        """
        left out, because each is \(first.kind.description), or of a type that is not read: \
        \(listing(of: arrays.map(\.name))); if one belongs to the network, \(first.kind.remedy)
        """)
    }
    let objects = file.objects.filter { path, object in
      !ParameterName.isTrainingState(path)
        && !harmlessModules.contains {
          object.className == $0 || object.className.hasPrefix($0 + ".")
        }
    }
    if !objects.isEmpty {
      let texts = objects.sorted { $0.key < $1.key }.map { "\($0) (\($1.className))" }
      warnings.append(
        """
        left out, because only running their code could read these objects: \(listing(of: texts)); if \
        one is a network, save its state_dict() instead
        """)
    }
    return warnings
  }
}
