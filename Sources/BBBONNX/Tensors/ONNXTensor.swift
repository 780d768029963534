import BBBTensors

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A tensor that a file stores: a view of its bytes, which are decoded once they are needed.
public struct ONNXTensor: Sendable {
  /// Where elements come from.
  enum Content: Sendable {
    /// Little-endian elements, of the file if they are a part of one.
    case bytes(Data, MappedFile?)
    /// Elements in the fields of a message that are for their type.
    case fields(Onnx_TensorProto)
    /// Elements of which most are zero.
    indirect case sparse(SparseInitializer)
  }

  /// The name in the file.
  public let name: String
  /// The type of the elements.
  public let elementType: ONNXElementType
  /// The extent of each dimension; empty for a scalar.
  public let shape: [Int]
  /// The number of elements.
  public let count: Int
  let content: Content

  /// The tensor as files of tensors have them: a view of the file where the file holds the elements.
  ///
  /// - Returns: The tensor, under its name in the graph.
  /// - Throws: ``ONNXError`` if the elements do not fit their type, or a sparse tensor its shape.
  public func tensor() throws(ONNXError) -> Tensor {
    let data = try elementBytes()
    var file: MappedFile?
    if case .bytes(_, let source) = content { file = source }
    do throws(TensorFileError) {
      let tensor = try Tensor(
        name: name, elementType: elementType.tensorType, shape: shape,
        storage: TensorStorage(content: .plain(data), isBigEndian: false, path: ""))
      return file.map(tensor.located(in:)) ?? tensor
    } catch {
      throw ONNXError(error)
    }
  }

  /// The elements as `raw_data` has them: little-endian, row-major.
  ///
  /// - Throws: ``ONNXError`` if they do not fit their type, or a sparse tensor its shape.
  func elementBytes() throws(ONNXError) -> Data {
    switch content {
    case .bytes(let bytes, _): bytes
    case .fields(let message): try message.elementBytes(as: elementType)
    case .sparse(let sparse): try sparse.elementBytes(count: count)
    }
  }

  /// The elements in single precision.
  ///
  /// - Returns: ``count`` numbers, row-major.
  /// - Throws: ``ONNXError`` if they are no real numbers, or the file is damaged.
  public func floats() throws(ONNXError) -> [Float] {
    let tensor = try tensor()
    do throws(TensorFileError) { return try tensor.floats() } catch { throw ONNXError(error) }
  }

  /// The elements in double precision.
  ///
  /// - Returns: ``count`` numbers, row-major.
  /// - Throws: ``ONNXError`` if they are no real numbers, or the file is damaged.
  public func doubles() throws(ONNXError) -> [Double] {
    let tensor = try tensor()
    do throws(TensorFileError) { return try tensor.doubles() } catch { throw ONNXError(error) }
  }

  /// The elements of a tensor of integers, or of truth values as 0 and 1.
  ///
  /// - Returns: ``count`` integers, row-major.
  /// - Throws: ``ONNXError`` if they are real numbers or exceed `Int`, or the file is damaged.
  public func integers() throws(ONNXError) -> [Int] {
    let tensor = try tensor()
    do throws(TensorFileError) { return try tensor.integers() } catch { throw ONNXError(error) }
  }
}
