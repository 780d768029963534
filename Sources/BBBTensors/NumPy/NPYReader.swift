#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Reads NPY files: one array, which the file does not name.
enum NPYReader {
  /// The name given to the array.
  static let tensorName = "array"

  static func read(_ data: Data, path: String) throws(TensorFileError) -> Tensor {
    let header = try NPYHeader(data, path: path, name: "the array")
    return try tensor(
      name: tensorName, header: header, content: .plain(data.dropFirst(header.byteCount)),
      path: path)
  }

  /// The tensor that a header describes, after checking that its bytes are there and are all.
  static func tensor(
    name: String, header: NPYHeader, content: TensorStorage.Content, path: String
  ) throws(TensorFileError) -> Tensor {
    let storage = TensorStorage(
      content: content, isBigEndian: header.type.isBigEndian, path: path)
    guard let count = TensorShape.elementCount(of: header.shape),
      let byteCount = TensorShape.byteCount(
        of: count, bitCount: header.type.elementType.bitCount)
    else {
      throw TensorFileError.damaged(
        path: path, "array \"\(name)\" has the impossible shape \(shapeText(header.shape))")
    }
    guard storage.byteCount >= byteCount else {
      throw TensorFileError(
        .malformed, path: path,
        "array \"\(name)\" needs \(byteCount) bytes but has \(storage.byteCount); "
          + "the file is truncated, copy it again")
    }
    guard storage.byteCount == byteCount else {
      throw TensorFileError(
        .malformed, path: path,
        "\(storage.byteCount - byteCount) bytes follow array \"\(name)\"; "
          + "save several arrays with numpy.savez")
    }
    return try Tensor(
      name: name, elementType: header.type.elementType, shape: header.shape,
      strides: header.isFortranOrder ? TensorShape.columnMajorStrides(of: header.shape) : nil,
      storage: storage)
  }
}
