import BBBNetwork
import BBBTensors

extension ConventionReader {
  /// IVON (ivon-opt): the means are the model, the curvature is in the optimiser's state.
  static let ivon = ConventionReader(name: "IVON", layout: .fixed(.outputInput)) {
    (file, options) throws(PosteriorError) in
    let groups = try IVONGroup.find(in: file)
    guard !groups.isEmpty else { return nil }
    try options.refuseScaleKind(of: "IVON", path: file.path)
    let hasModel = file.tensors.contains { tensor in
      tensor.shape.count > 1 && !ParameterName.isTrainingState(tensor.name)
    }
    guard let model = options.model ?? (hasModel ? file : nil) else {
      throw PosteriorError(
        .incomplete, path: file.path,
        """
        this is the state of an IVON optimiser without the model, whose weights are the means; \
        give the model's file with --model, or save both: torch.save({"model": \
        model.state_dict(), "optimizer": optimizer.state_dict()}, path)
        """)
    }
    let parameters = try ModelParameters.find(in: model, orderedFor: "the optimiser's state")
    return try read(groups, parameters, file)
  }

  private static func read(
    _ groups: [IVONGroup], _ parameters: [Tensor], _ file: TensorFile
  ) throws(PosteriorError) -> Reading {
    let trained = try TrainedParameters(
      of: groups.map { ($0.hessian.count, $0.parameterCount) }, among: parameters)
    guard let trained else {
      let sizes = groups.map { String($0.hessian.count) }.joined(separator: " + ")
      throw PosteriorError(
        .shapeMismatch, path: file.path,
        """
        the optimiser has \(sizes) of the model's \(parameters.elementCount) elements \
        ("\(groups[0].hessian.name)"), and which parameters these are cannot be told; save model and \
        optimiser of the same run together, or give the parameters that were trained, in order, with --model
        """)
    }
    let positions = Dictionary(
      zip(parameters.map(\.name), parameters.indices), uniquingKeysWith: { first, _ in first })
    var reading = Reading(
      parameters: [], explained: Set(trained.ties.keys), copies: trained.ties, usesModel: true)
    if trained.isGuess {
      let taken = trained.groups.enumerated().map { index, members in
        "\(index): " + members.map(\.name).joined(separator: " ")
      }
      reading.warnings.append(
        """
        the sizes of the optimiser's parameter groups fit its parameters in more than one way; taken \
        is group \(listing(of: taken)); if yours are others, save with one group
        """)
    }
    for parameter in trained.frozen {
      reading.parameters.append(
        try .certain(parameter, position: positions[parameter.name, default: 0], in: file))
    }
    for (group, members) in zip(groups, trained.groups) {
      let vector = FlatVector(parts: members.map { .init(name: $0.name, shape: $0.shape) })
      let parametrisation = ScaleParametrisation.ivon(
        effectiveSampleSize: group.effectiveSampleSize, weightDecay: group.weightDecay)
      for (mean, scale) in zip(members, try vector.split(group.hessian)) {
        reading.parameters.append(
          GaussianParameter(
            name: mean.name,
            gaussian: try file.gaussian(mean: mean, scale: scale, parametrisation: parametrisation),
            position: positions[mean.name, default: 0]))
      }
    }
    return reading
  }
}

/// A parameter group of an IVON optimiser.
private struct IVONGroup {
  let hessian: Tensor
  let effectiveSampleSize: Double
  let weightDecay: Double
  /// How many parameters the group lists; 0 if the list is not in the file.
  let parameterCount: Int

  /// The groups in their order; empty if the file has no IVON state.
  static func find(in file: TensorFile) throws(PosteriorError) -> [IVONGroup] {
    var found: [(index: Int, group: IVONGroup)] = []
    let parameterCounts = parameterCounts(in: file)
    for hessian in file.tensors where hessian.shape.count == 1 {
      let parts = hessian.name.split(separator: "/").map(String.init)
      guard parts.count >= 3, parts[parts.count - 1] == "hess",
        parts[parts.count - 3] == "param_groups", let index = Int(parts[parts.count - 2])
      else { continue }
      let folder = parts.dropLast().joined(separator: "/")
      let group = IVONGroup(
        hessian: hessian,
        effectiveSampleSize: try number("ess", of: folder, in: file),
        weightDecay: try number("weight_decay", of: folder, in: file),
        parameterCount: parameterCounts[folder, default: 0])
      found.append((index, group))
    }
    return found.sorted { $0.index < $1.index }.map(\.group)
  }

  /// How many parameters each group lists, by the group's folder.
  private static func parameterCounts(in file: TensorFile) -> [String: Int] {
    let list = "/params"
    var counts: [String: Int] = [:]
    for key in file.scalars.keys {
      guard let slash = key.lastIndex(of: "/"), key[..<slash].hasSuffix(list) else { continue }
      counts[String(key[..<slash].dropLast(list.count)), default: 0] += 1
    }
    return counts
  }

  private static func number(
    _ key: String, of folder: String, in file: TensorFile
  ) throws(PosteriorError) -> Double {
    if let value = file.scalars["\(folder)/\(key)"] { return value }
    throw PosteriorError(
      .incomplete, path: file.path,
      """
      "\(folder)/hess" is there but "\(folder)/\(key)", which the standard deviation is computed \
      from, is not; save the optimiser's whole state_dict()
      """)
  }
}
