/// The order of tensors in a safetensors file, as the reference implementation writes it: by the
/// alignment of their type, descending, then by name.
enum SafetensorsOrder {
  /// Sorts tensors, each with its type's rank.
  static func sort(_ ranked: inout [(rank: Int, tensor: Tensor)]) {
    ranked.sort {
      $0.rank != $1.rank
        ? $0.rank > $1.rank : $0.tensor.name.utf8.lexicographicallyPrecedes($1.tensor.name.utf8)
    }
  }

  /// Tensors of safetensors files as one file would hold them.
  static func sorted(_ tensors: [Tensor]) -> [Tensor] {
    var ranked = tensors.map { tensor in
      (rank: ElementType.safetensorsRanks[tensor.elementType.description] ?? 0, tensor: tensor)
    }
    sort(&ranked)
    return ranked.map(\.tensor)
  }
}
