import BBBTensors

/// The parameters of an ordinary network in a file, in the order `model.parameters()` gives them.
enum ModelParameters {
  /// Finds the parameters.
  ///
  /// The order is the file's, except in safetensors files, which are sorted: there it is layer by
  /// layer, weight before bias, and known only where names number the layers.
  ///
  /// - Parameters:
  ///   - file: A state dictionary, alone or beside the optimiser's, which is left out.
  ///   - names: The names of other tensors to leave out.
  ///   - follower: What follows the order of the parameters and does not prove it, for messages; nil if
  ///     the order does not matter.
  /// - Returns: The parameters; buffers are none.
  /// - Throws: ``PosteriorError`` if several dictionaries could be the network's, or the order is not
  ///   known.
  static func find(
    in file: TensorFile, leavingOut names: [String] = [], orderedFor follower: String?
  ) throws(PosteriorError) -> [Tensor] {
    let (file, _) = try PruneReparametrisation.undone(in: file)
    let candidates = file.tensors.filter { tensor in
      tensor.elementType.isFloatingPoint && !ParameterName.isBuffer(tensor.name)
        && !ParameterName.isTrainingState(tensor.name) && !names.contains(tensor.name)
    }
    let dictionaries = Set(candidates.map(dictionary))
    let usual = ["model", "model_state_dict", "state_dict", "net", ""]
    let chosen =
      dictionaries.count == 1 ? dictionaries.first : usual.first(where: dictionaries.contains)
    guard let chosen else {
      let found = dictionaries.isEmpty ? "none" : listing(of: dictionaries.sorted())
      throw PosteriorError(
        .incomplete, path: file.path,
        """
        the network's own weights are not in the file: no dictionary is named "model" or \
        "state_dict" (found: \(found)); save them in one, or give \
        a file that has them with --model
        """)
    }
    let parameters = candidates.filter { dictionary(of: $0) == chosen }
    guard file.format == .safetensors else { return parameters }
    let layers = Set(
      parameters.map { NaturalOrder.skeleton(of: ParameterName.layerKey(of: $0.name)) })
    if let follower, layers.count > 1 {
      throw PosteriorError(
        .incomplete, path: file.path,
        """
        a safetensors file is sorted by name, and these names do not number the layers, so the order of \
        the parameters that \(follower) follows is not known; give the model in a file written by \
        torch.save(model.state_dict(), …)
        """)
    }
    return sortedByLayer(parameters)
  }

  /// The first component of a name in nested dictionaries; empty for a state dictionary by itself.
  private static func dictionary(of tensor: Tensor) -> String {
    let parts = tensor.name.split(separator: "/", maxSplits: 1)
    return parts.count > 1 ? String(parts[0]) : ""
  }

  private static func sortedByLayer(_ parameters: [Tensor]) -> [Tensor] {
    func isWeight(_ tensor: Tensor) -> Bool {
      tensor.shape.count > 1
        || ["weight", "kernel"].contains(ParameterName.lastComponent(of: tensor.name))
    }
    return parameters.sorted { first, second in
      let (a, b) = (ParameterName.layerKey(of: first.name), ParameterName.layerKey(of: second.name))
      if a != b { return NaturalOrder.precedes(a, b) }
      if isWeight(first) != isWeight(second) { return isWeight(first) }
      return NaturalOrder.precedes(first.name, second.name)
    }
  }
}
