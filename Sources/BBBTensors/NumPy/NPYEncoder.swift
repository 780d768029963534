#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Writes NPY arrays: C order, little-endian, byte for byte as NumPy does.
public enum NPYEncoder {
  /// Encodes one array.
  ///
  /// BF16, which NumPy does not have, is widened to F32, which holds it exactly.
  ///
  /// - Parameter tensor: The array; its name is not part of the format.
  /// - Returns: The content of the file, version 1.0.
  /// - Throws: ``TensorFileError`` if NumPy has no such element type, or the tensor cannot be read.
  public static func encode(_ tensor: Tensor) throws(TensorFileError) -> Data {
    var tensor = tensor
    if tensor.elementType == .bfloat16 {
      tensor = Tensor(name: tensor.name, shape: tensor.shape, floats: try tensor.floats())
    }
    guard let description = NPYElementType.description(of: tensor.elementType) else {
      throw TensorFileError(
        .unsupported, path: tensor.path,
        "tensor \"\(tensor.name)\" has elements of type \(tensor.elementType), "
          + "which NumPy cannot hold; write a safetensors file instead")
    }
    let shape =
      tensor.shape.count == 1
      ? "(\(tensor.shape[0]),)" : "(\(tensor.shape.map(String.init).joined(separator: ", ")))"
    let dictionary = "{'descr': '\(description)', 'fortran_order': False, 'shape': \(shape), }"
    var header = Data(dictionary.utf8)
    // NumPy leaves room for the first extent to grow to 21 digits when a program appends rows.
    if let first = tensor.shape.first {
      header.append(Data(repeating: UInt8(ascii: " "), count: 21 - String(first).count))
    }
    // Magic, version and length take ten bytes, the final line feed one; data start at 64 · n.
    let padding = 64 - (10 + header.count + 1) % 64
    header.append(Data(repeating: UInt8(ascii: " "), count: padding))
    header.append(UInt8(ascii: "\n"))
    guard let length = UInt16(exactly: header.count) else {
      throw TensorFileError(
        .unsupported, path: tensor.path,
        "tensor \"\(tensor.name)\" has \(tensor.shape.count) dimensions, too many for NumPy")
    }
    var file = Data(NPYHeader.magic + [1, 0])
    file.appendLittleEndian(length)
    file.append(header)
    file.append(try tensor.fileBytes())
    return file
  }
}
