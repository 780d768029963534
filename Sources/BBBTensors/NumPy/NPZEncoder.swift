#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Writes NPZ archives that `numpy.load` reads: same tensors, same bytes (given one zlib).
public enum NPZEncoder {
  /// Encodes tensors, each as the member `name.npy`.
  ///
  /// - Parameters:
  ///   - tensors: The tensors in order; their names are unique.
  ///   - isCompressed: Whether to deflate the arrays, as `numpy.savez_compressed` does.
  /// - Returns: The content of the file, less than 4 GiB.
  /// - Throws: ``TensorFileError`` if names repeat, NumPy has no such element type, the archive would
  ///   be too large, or a tensor cannot be read.
  public static func encode(
    _ tensors: [Tensor], isCompressed: Bool = true
  ) throws(TensorFileError) -> Data {
    var encoder = ZipEncoder()
    var names: Set<String> = []
    for tensor in tensors {
      guard names.insert(tensor.name).inserted else {
        throw TensorFileError(
          .unsupported, path: tensor.path,
          "the tensor name \"\(tensor.name)\" is taken; give each tensor a name of its own")
      }
      try encoder.append(
        name: tensor.name + ".npy", content: try NPYEncoder.encode(tensor),
        isCompressed: isCompressed)
    }
    return encoder.finished()
  }
}
