import BBBPosterior
import BBBTensors

/// A pruned posterior as dense tensors, for tools that read safetensors or NPZ.
///
/// For each weight: the mean under the name, in the shape and of the type it had, removed weights zero. With
/// uncertainty, also what σ is computed from, likewise and in the same parametrisation; where the checkpoint
/// had no tensor of its own for it (flat vectors, curvatures), σ itself as `<name>.sigma`. A removed weight
/// gets the value that stands for σ = 0: never ρ = 0, which would mean σ = ln 2. (Where the parametrisation
/// adds an offset to σ, nothing stands for σ = 0: there the mean of 0 decides.)
///
/// What the posterior is not made of (batch normalisation, buffers) is copied as it is, and nothing
/// else is added, so that a library that is strict about names can load the file. Without uncertainty a
/// Bayesian library cannot load it so; what a layer has beside its σ (noise, second copies of the means) is
/// then left out too, and the file is as large as the dense network.
///
/// Where whole units were removed, their rows and columns can be left out, so that a runtime for dense
/// matrices gains: shapes are smaller then, masks are there only for weights removed besides, and of what
/// the posterior is not made of only the batch normalisations that are run with it are there, whose shapes are
/// known.
public struct DenseExport: Sendable {
  /// The tensors, in the posterior's order.
  public let tensors: [Tensor]
  /// For each prunable tensor `<name>.mask`, of the same shape: one byte per weight, 1 where it stays.
  public let masks: [Tensor]
  /// The names of other tensors that would have been copied, if the formats written could hold them.
  public let leftOut: [String]
  /// The number of real numbers in the dense network: means and what is copied beside them, without σ.
  public let parameterCount: Int

  /// Collects the tensors.
  ///
  /// - Parameters:
  ///   - posterior: What was pruned.
  ///   - file: The file that the posterior was read from, whose names are used.
  ///   - pruning: What is removed.
  ///   - conditioned: Other means than the posterior's, if what is left took over what was removed.
  ///   - units: The units whose removal it is, if their rows and columns are to be left out.
  ///   - keepsUncertainty: Whether σ is written.
  /// - Throws: `TensorFileError` or `PosteriorError` if a tensor cannot be read;
  ///   `PruningError.Code.emptyLayer` if a hidden layer would have no units.
  public init(
    _ posterior: Posterior, from file: TensorFile, _ pruning: Pruning,
    means conditioned: PosteriorMeans? = nil, leavingOut units: UnitPruning? = nil,
    keepsUncertainty: Bool
  ) throws {
    if let units {
      guard (try? posterior.binding.get())?.rows == nil else {
        throw PruningError.withoutUnits(
          path: posterior.path,
          reason: """
            the network is a graph, into which more than the posterior's tensors may have gone: their rows cannot be \
            left out one by one; write them as zeros, without '--compact'
            """)
      }
      if let layer = units.keptUnits.firstIndex(where: \.isEmpty) {
        throw PruningError.emptyLayer(path: posterior.path, layer: units.layerNames[layer])
      }
      if let grouped = units.network.network.parameters.first(where: { $0.weights.groups > 1 }) {
        throw PruningError.notRunnable(
          path: posterior.path,
          reason: """
            \(grouped.name) has groups of channels, whose rows and columns cannot be left out one by one; write them \
            as zeros, without '--compact'
            """)
      }
    }
    var tensors: [Tensor] = []
    var masks: [Tensor] = []
    // What only a graph has is no tensor of the checkpoint.
    for (index, layer) in posterior.parameters.enumerated()
    where !layer.isOfGraph && layer.whole?.isFirst != false {
      let part = units.flatMap { units in
        units.network.parameters.firstIndex(of: index).map { DensePart(units, parameter: $0) }
      }
      let bias = layer.whole.map(\.bias) ?? layer.bias
      for (tensor, isBias)
        in (layer.isConstant ? [] : [(layer.whole?.weight ?? layer.weight, false)])
        + (bias.map { [($0, true)] } ?? [])
      {
        let mask = Self.mask(pruning, of: index, in: posterior, isBias: isBias)
        let name =
          Self.ownName(of: tensor.mean, in: file)
          ?? "\(layer.whole?.name ?? layer.name).\(isBias ? "bias" : "weight")"
        let means =
          try conditioned.flatMap {
            Self.means($0, of: index, in: posterior, isBias: isBias)
          } ?? tensor.means()
        var written = [
          Self.tensor(like: tensor.mean, name: name, Self.erasing(means, mask, with: 0))
        ]
        if keepsUncertainty, let scale = tensor.scale {
          written.append(try Self.scale(scale, of: tensor, name: name, mask, file))
        }
        func selected(_ tensor: Tensor) throws -> Tensor {
          try part?.selected(from: tensor, isBias: isBias) ?? tensor
        }
        tensors += try written.map(selected)
        if let mask, part?.isWhole(mask, isBias: isBias) != true {
          masks.append(
            try selected(
              Tensor(name: "\(name).mask", shape: tensor.shape, bytes: mask.map { $0 ? 1 : 0 })))
        }
      }
      if let part { tensors += try Self.normalisations(of: layer, part, in: file) }
    }
    if keepsUncertainty { tensors += Self.copies(of: tensors, posterior, in: file) }
    let written = Set(tensors.map(\.name))
    let network = Self.companions(of: posterior, in: file, besides: written, includesNoise: false)
    var companions: [Tensor] = []
    if units == nil {
      companions =
        keepsUncertainty
        ? Self.companions(of: posterior, in: file, besides: written, includesNoise: true) : network
    }
    self.tensors = tensors + companions.filter(Self.isWritable)
    self.masks = masks
    parameterCount =
      posterior.parameters.filter { !$0.isOfGraph }
      .reduce(0) { $0 + $1.weight.count + ($1.bias?.count ?? 0) }
      + network.filter(\.elementType.isFloatingPoint).reduce(0) { $0 + $1.count }
    leftOut = companions.filter { !Self.isWritable($0) }.map(\.name)
  }

  /// Which elements of a tensor stay, those of all parameters that have rows of it; `nil` if all do.
  private static func mask(
    _ pruning: Pruning, of index: Int, in posterior: Posterior, isBias: Bool
  ) -> Mask? {
    guard let whole = posterior.parameters[index].whole else {
      return pruning.mask(ofParameter: index, isBias: isBias)
    }
    let parts = posterior.parameters.indices.filter {
      posterior.parameters[$0].whole?.name == whole.name
    }
    let masks = parts.map { pruning.mask(ofParameter: $0, isBias: isBias) }
    guard masks.contains(where: { $0 != nil }) else { return nil }
    return Mask(
      zip(parts, masks).flatMap { part, mask in
        let parameter = posterior.parameters[part]
        let count = isBias ? parameter.bias?.count ?? 0 : parameter.weight.count
        return mask.map(Array.init) ?? Array(repeating: true, count: count)
      })
  }

  /// Other means of a tensor, those of all parameters that have rows of it; `nil` if there are none.
  private static func means(
    _ means: PosteriorMeans, of index: Int, in posterior: Posterior, isBias: Bool
  ) -> [Double]? {
    guard let whole = posterior.parameters[index].whole else {
      return means.values(index, isBias: isBias)
    }
    let parts = posterior.parameters.indices.filter {
      posterior.parameters[$0].whole?.name == whole.name
    }.map { means.values($0, isBias: isBias) }
    return parts.contains { $0 == nil } ? nil : parts.flatMap { $0 ?? [] }
  }

  /// The batch normalisations of a layer's units that stay.
  private static func normalisations(
    of layer: PosteriorParameter, _ part: DensePart, in file: TensorFile
  ) throws -> [Tensor] {
    let around = [(layer.inputNormalisation, true), (layer.outputNormalisation, false)]
    return try around.flatMap { normalisation, isOfInputs in
      try (normalisation?.tensors ?? []).map { tensor in
        var selected = try part.selected(from: tensor, ofInputs: isOfInputs)
        selected.name = ownName(of: tensor, in: file) ?? tensor.name
        return selected
      }
    }
  }

  /// What the library saves a second time, pruned like the first, in the order of names.
  private static func copies(
    of tensors: [Tensor], _ posterior: Posterior, in file: TensorFile
  ) -> [Tensor] {
    posterior.copies.sorted { $0.key < $1.key }.compactMap { copy, original in
      let name = original.dropFirst(folder(of: original, in: file).count)
      guard var tensor = tensors.first(where: { $0.name == name }) else { return nil }
      tensor.name = String(copy.dropFirst(folder(of: copy, in: file).count))
      return tensor
    }
  }

  /// The other tensors in the dictionaries that the means come from.
  ///
  /// - Parameters:
  ///   - posterior: What the file was read as.
  ///   - file: The file.
  ///   - written: The names that are taken.
  ///   - includesNoise: Whether what belongs to a layer that holds σ itself is among them.
  /// - Returns: The tensors, in file order, under the names they have in their dictionary.
  private static func companions(
    of posterior: Posterior, in file: TensorFile, besides written: Set<String>,
    includesNoise: Bool
  ) -> [Tensor] {
    let folders = Set(posterior.parameters.map { folder(of: $0.weight.mean.name, in: file) })
    let bayesian =
      includesNoise
      ? []
      : Set(
        posterior.parameters.flatMap { [$0.weight, $0.bias].compactMap(\.self) }.filter {
          $0.scale.flatMap { file[$0.name] } != nil
        }
        .compactMap { module(of: $0.mean.name) })
    return posterior.tensorsLeftOut(of: file).compactMap { tensor in
      guard posterior.copies[tensor.name] == nil,
        folders.contains(folder(of: tensor.name, in: file)),
        module(of: tensor.name).map(bayesian.contains) != true
      else {
        return nil
      }
      var companion = tensor
      companion.name = String(tensor.name.dropFirst(folder(of: tensor.name, in: file).count))
      return written.contains(companion.name) ? nil : companion
    }
  }

  /// Whether every format written can hold a tensor's elements.
  private static func isWritable(_ tensor: Tensor) -> Bool {
    let integers = ["I8", "U8", "I16", "U16", "I32", "U32", "I64", "U64", "BOOL"]
    return tensor.elementType.isFloatingPoint || integers.contains("\(tensor.elementType)")
  }

  /// The path of the dictionary that holds a tensor, with its slash: only PyTorch files nest them.
  private static func folder(of name: String, in file: TensorFile) -> Substring {
    guard file.format == .pytorch, let slash = name.lastIndex(of: "/") else { return "" }
    return name[...slash]
  }

  /// The name of the module that a tensor belongs to; `nil` if its name does not tell.
  private static func module(of name: String) -> Substring? {
    name.lastIndex(of: ".").map { name[..<$0] }
  }

  private static func scale(
    _ scale: Tensor, of tensor: GaussianTensor, name: String, _ mask: Mask?, _ file: TensorFile
  ) throws -> Tensor {
    // Reading σ checks it, whichever way it is written.
    let deviations = try tensor.standardDeviations()
    guard let scaleName = ownName(of: scale, in: file), let parametrisation = tensor.parametrisation
    else {
      return Tensor(
        name: "\(name).sigma", shape: tensor.shape, doubles: erasing(deviations, mask, with: 0))
    }
    let values = erasing(try scale.doubles(), mask, with: parametrisation.valueForAbsentWeight)
    return Self.tensor(like: scale, name: scaleName, values)
  }

  /// The name under which other tools know a tensor: in a PyTorch file, the key in its own dictionary;
  /// `nil` for a part of a flat vector, which has no name of its own.
  private static func ownName(of tensor: Tensor, in file: TensorFile) -> String? {
    // A parameter that `torch.nn.utils.prune` took apart is written whole.
    guard file[tensor.name] != nil || file[tensor.name + "_orig"] != nil else { return nil }
    return String(tensor.name.dropFirst(folder(of: tensor.name, in: file).count))
  }

  private static func erasing(
    _ values: [Double], _ mask: Mask?, with absent: Double
  ) -> [Double] {
    guard let mask else { return values }
    return zip(values, mask).map { $1 ? $0 : absent }
  }

  /// A tensor of the same shape and type, which the values are numbers of.
  private static func tensor(
    like original: Tensor, name: String, _ values: [Double]
  ) -> Tensor {
    Tensor(name: name, shape: original.shape, original.elementType, doubles: values)
  }
}
