#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The header of an NPY array, versions 1.0 to 3.0.
///
/// Layout: `\x93NUMPY`, major and minor version, the length of what follows (16 bits in version 1,
/// 32 bits after), a Python dictionary with exactly `descr`, `fortran_order` and `shape`.
struct NPYHeader {
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
  /// The longest dictionary read: far more than any plain array needs.
  private static let lengthLimit = 1 << 20

  let type: NPYElementType
  let isFortranOrder: Bool
  let shape: [Int]
  /// The number of bytes before the first element.
  let byteCount: Int

  /// The number of bytes before the first element, from the first twelve bytes of the array.
  ///
  /// - Parameters:
  ///   - cursor: At the array's first byte; afterwards at the dictionary.
  ///   - name: What messages call the array.
  /// - Returns: The length of the header with all that precedes it.
  /// - Throws: ``TensorFileError`` if the bytes are no NPY array of a known version.
  static func byteCount(
    _ cursor: inout ByteCursor, name: String
  ) throws(TensorFileError) -> Int {
    guard try cursor.bytes(magic.count).elementsEqual(magic) else {
      throw TensorFileError.damaged(path: cursor.path, "\(name) does not start as an NPY array")
    }
    let major = try cursor.byte()
    let minor = try cursor.byte()
    guard (1...3).contains(major), minor == 0 else {
      throw TensorFileError(
        .unsupported, path: cursor.path,
        "\(name) is of NPY version \(major).\(minor); save it with a NumPy that writes up to 3.0")
    }
    let length =
      major == 1 ? Int(try cursor.integer(UInt16.self)) : Int(try cursor.integer(UInt32.self))
    guard length <= lengthLimit else {
      throw TensorFileError.damaged(
        path: cursor.path,
        "\(name) has a header of \(length) bytes where at most \(lengthLimit) are allowed")
    }
    return cursor.position + length
  }

  /// Reads a header.
  ///
  /// - Parameters:
  ///   - data: The array's bytes, at least up to the end of its header.
  ///   - path: The file.
  ///   - name: What messages call the array.
  /// - Throws: ``TensorFileError`` if the header is damaged, or the elements are no plain values.
  init(_ data: Data, path: String, name: String) throws(TensorFileError) {
    var cursor = ByteCursor(data, path: path, place: name)
    byteCount = try Self.byteCount(&cursor, name: name)
    let text = try cursor.bytes(byteCount - cursor.position)
    let values: [String: NPYDictionaryParser.Value]
    do {
      values = try NPYDictionaryParser.parse(String(decoding: text, as: UTF8.self))
    } catch {
      throw TensorFileError.damaged(
        path: path, "the header of \(name) is not valid: \(error.reason)")
    }
    guard values.count == 3, let descr = values["descr"],
      case .bool(let isFortranOrder) = values["fortran_order"],
      case .tuple(let shape) = values["shape"]
    else {
      throw TensorFileError.damaged(
        path: path, "the header of \(name) does not have exactly descr, fortran_order and shape")
    }
    guard shape.count <= TensorShape.dimensionLimit else {
      throw TensorFileError.damaged(
        path: path,
        "\(name) has \(shape.count) dimensions where NumPy allows at most "
          + "\(TensorShape.dimensionLimit)")
    }
    self.isFortranOrder = isFortranOrder
    self.shape = shape
    switch descr {
    case .string(let description):
      do {
        type = try NPYElementType(description)
      } catch .object {
        throw TensorFileError(
          .unsupported, path: path,
          "\(name) holds Python objects, not numbers; save it as an array of floating-point numbers"
        )
      } catch {
        throw TensorFileError(
          .unsupported, path: path,
          "\(name) has the unknown type \"\(description)\"; save it as float32")
      }
    case .list:
      throw TensorFileError(
        .unsupported, path: path,
        "\(name) is a structured array; save each of its fields as an array of its own")
    default: throw TensorFileError.damaged(path: path, "the type of \(name) is not a string")
    }
  }
}
