#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A named array of numbers in a file: a view, not a copy.
///
/// Elements are addressed by their *position*, the row-major index in the logical shape, whatever the
/// strides of the storage.
public struct Tensor: Sendable {
  /// The name in the file; keys of nested dictionaries are joined by `/`.
  public var name: String
  /// The type of the elements.
  public let elementType: ElementType
  /// The extent of each dimension; empty for a scalar.
  public let shape: [Int]
  /// The distance between neighbours along each dimension, in elements.
  public let strides: [Int]
  /// The index in `storage` of the first element, in elements.
  let offset: Int
  let storage: TensorStorage

  /// The number of elements.
  public let count: Int

  /// The file the tensor comes from, as the user named it; empty for a tensor made in memory.
  public var path: String { storage.path }

  /// Creates a view of untrusted extent, after checking that its last element is within the storage.
  ///
  /// - Parameters:
  ///   - name: The name in the file.
  ///   - elementType: The type of the elements.
  ///   - shape: The extent of each dimension.
  ///   - strides: The distance between neighbours along each dimension, in elements; row-major if nil.
  ///   - offset: The index of the first element in the storage, in elements.
  ///   - storage: The bytes.
  /// - Throws: ``TensorFileError`` if a number is negative or too large, or the view leaves its storage.
  package init(
    name: String, elementType: ElementType, shape: [Int], strides: [Int]? = nil, offset: Int = 0,
    storage: TensorStorage
  ) throws(TensorFileError) {
    func malformed(_ what: String) -> TensorFileError {
      .damaged(path: storage.path, "tensor \"\(name)\" \(what)")
    }
    guard let count = TensorShape.elementCount(of: shape),
      let strides = strides ?? TensorShape.rowMajorStrides(of: shape)
    else { throw malformed("has the impossible shape \(shapeText(shape))") }
    guard strides.count == shape.count else {
      throw malformed("has \(shape.count) dimensions but \(strides.count) strides")
    }
    guard offset >= 0, strides.allSatisfy({ $0 >= 0 }) else {
      throw malformed("has a negative offset or stride")
    }
    if count > 0 {
      guard
        let last = TensorShape.lastIndex(shape: shape, strides: strides, offset: offset),
        last < Int.max,
        case (let bits, let overflow) =
          (last + 1).multipliedReportingOverflow(by: elementType.bitCount), !overflow,
        bits <= storage.bitCount
      else { throw malformed("reaches beyond the \(storage.byteCount) bytes of its storage") }
    }
    self.name = name
    self.elementType = elementType
    self.shape = shape
    self.strides = strides
    self.offset = offset
    self.storage = storage
    self.count = count
  }

  /// The tensor with its bytes at hand.
  ///
  /// Nothing happens unless the file holds the bytes deflated; they are then inflated, once, into
  /// exactly the memory they take, and compared with their checksum. Call this before reading such a
  /// tensor in parts, which would otherwise inflate it for each part.
  ///
  /// - Returns: A tensor that costs nothing more to read.
  /// - Throws: ``TensorFileError`` if the deflated bytes are damaged.
  public func loaded() throws(TensorFileError) -> Tensor {
    guard case .deferred = storage.content else { return self }
    return try Tensor(
      name: name, elementType: elementType, shape: shape, strides: strides, offset: offset,
      storage: try storage.loaded())
  }

  /// The tensor, knowing where in a file its bytes are, if they are a part of it.
  package func located(in file: MappedFile) -> Tensor {
    guard case .plain(let data) = storage.content, let offset = file.offset(of: data) else {
      return self
    }
    var storage = storage
    storage.source = (file, offset)
    return Tensor(self, on: storage)
  }

  /// The same view of other bytes, as many as before.
  private init(_ tensor: Tensor, on storage: TensorStorage) {
    name = tensor.name
    elementType = tensor.elementType
    shape = tensor.shape
    strides = tensor.strides
    offset = tensor.offset
    count = tensor.count
    self.storage = storage
  }

  /// Whether the elements follow one another in row-major order.
  var isContiguous: Bool {
    guard count > 1 else { return true }
    var expected = 1
    for (extent, stride) in zip(shape, strides).reversed() where extent > 1 {
      guard stride == expected else { return false }
      expected *= extent
    }
    return true
  }
}
