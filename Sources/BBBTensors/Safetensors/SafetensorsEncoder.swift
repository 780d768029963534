#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Writes safetensors files: same tensors, same bytes, and those of the reference implementation.
public enum SafetensorsEncoder {
  /// Encodes tensors.
  ///
  /// Tensors are ordered by the alignment of their type, descending, then by name; the header is
  /// padded with spaces to a multiple of eight bytes, so that every tensor is aligned.
  ///
  /// - Parameters:
  ///   - tensors: The tensors; their names are unique and none is `__metadata__`.
  ///   - metadata: Strings to store with them.
  /// - Returns: The content of the file.
  /// - Throws: ``TensorFileError`` if names repeat, a type has no place in the format, or a tensor
  ///   cannot be read.
  public static func encode(
    _ tensors: [Tensor], metadata: [String: String] = [:]
  ) throws(TensorFileError) -> Data {
    var ranked: [(rank: Int, tensor: Tensor)] = []
    var names: Set<String> = ["__metadata__"]
    for tensor in tensors {
      guard names.insert(tensor.name).inserted else {
        throw TensorFileError(
          .unsupported, path: tensor.path,
          "the tensor name \"\(tensor.name)\" is taken; give each tensor a name of its own")
      }
      guard let rank = ElementType.safetensorsRanks[tensor.elementType.description] else {
        throw TensorFileError(
          .unsupported, path: tensor.path,
          "tensor \"\(tensor.name)\" has elements of type \(tensor.elementType), "
            + "which safetensors cannot hold; leave it out")
      }
      ranked.append((rank, tensor))
    }
    SafetensorsOrder.sort(&ranked)

    var members: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        .map { quoted($0.key) + ":" + quoted($0.value) }
      members.append("\"__metadata__\":{" + pairs.joined(separator: ",") + "}")
    }
    var end = 0
    for (_, tensor) in ranked {
      let start = end
      end += try tensor.fileByteCount()
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      members.append(
        quoted(tensor.name) + ":{\"dtype\":\"\(tensor.elementType)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(start),\(end)]}")
    }
    var header = Data("{\(members.joined(separator: ","))}".utf8)
    header.append(Data(repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8))
    // The only buffer of the file's size: networks are large.
    var file = Data()
    file.reserveCapacity(8 + header.count + end)
    file.appendLittleEndian(UInt64(header.count))
    file.append(header)
    for (_, tensor) in ranked { file.append(try tensor.fileBytes()) }
    return file
  }

  /// A string as JSON writes it.
  private static func quoted(_ string: String) -> String {
    var quoted = "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\u{8}": quoted += "\\b"
      case "\u{C}": quoted += "\\f"
      case "\n": quoted += "\\n"
      case "\r": quoted += "\\r"
      case "\t": quoted += "\\t"
      case "\u{0}"..<" ":
        quoted += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
