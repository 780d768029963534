import BBBTensors
import Foundation

/// An array of numbers in a file: IDX (gzipped or not), or a tensor file that holds one tensor, as NPY.
public struct ArrayFile: Sendable {
  /// Where the array is, for messages: the file as the user named it, and which of its arrays if it has several.
  public let path: String
  /// The file alone.
  let file: String
  /// The extent of each dimension.
  public let shape: [Int]
  private let content: Content

  private enum Content: Sendable {
    case idx(IDXFile)
    case tensor(Tensor)
  }

  /// The number of elements, as the bytes bear out.
  private var elementCount: Int {
    switch content {
    case .idx(let file): file.bytes.count / file.elementType.byteCount
    case .tensor(let tensor): tensor.count
    }
  }

  /// Whether it is an array of floating-point numbers; IDX is read as bytes only.
  var isFloatingPoint: Bool {
    if case .tensor(let tensor) = content { tensor.elementType.isFloatingPoint } else { false }
  }

  /// Opens a file; its kind is found from its content.
  ///
  /// - Parameter path: The file.
  /// - Throws: ``DatasetError`` if it is of no kind that is read, is damaged, or holds more than one
  ///   tensor.
  public init(contentsOf path: String) throws(DatasetError) {
    self.path = path
    file = path
    if Self.isIDX(path) {
      let file = try IDXFile(contentsOf: path)
      shape = file.shape
      content = .idx(file)
      return
    }
    do throws(TensorFileError) {
      let file = try TensorFile(contentsOf: path)
      guard file.tensors.count == 1, let tensor = file.tensors.first else {
        throw TensorFileError(
          .unsupported, path: path,
          "holds \(file.tensors.count) tensors where one array is expected; save it alone, as NPY")
      }
      shape = tensor.shape
      content = .tensor(try tensor.loaded())
    } catch {
      throw DatasetError(error)
    }
  }

  /// One array of a file of several.
  ///
  /// - Parameters:
  ///   - tensor: The array.
  ///   - path: The file, as the user named it.
  init(_ tensor: Tensor, of path: String) {
    file = path
    self.path = "\(path), array \"\(tensor.name)\""
    shape = tensor.shape
    content = .tensor(tensor)
  }

  /// Whether a file holds one array only.
  static func isSingle(_ path: String) throws(DatasetError) -> Bool {
    if isIDX(path) { return true }
    do throws(TensorFileError) {
      return try TensorFile(contentsOf: path).tensors.count == 1
    } catch {
      throw DatasetError(error)
    }
  }

  /// IDX begins with two zero bytes; gzip, in which only IDX is read, with 1F 8B.
  static func isIDX(_ path: String) -> Bool {
    guard let file = FileHandle(forReadingAtPath: path) else { return false }
    defer { try? file.close() }
    let start = (try? file.read(upToCount: 2)) ?? Data()
    return start == Data([0, 0]) || start == Data([0x1F, 0x8B])
  }

  /// The numbers as a network takes them, row-major.
  ///
  /// - Returns: Bytes, or floats.
  /// - Throws: ``DatasetError`` if the elements are neither unsigned bytes nor finite floats.
  public func inputs() throws(DatasetError) -> Dataset.Inputs {
    switch content {
    case .idx(let file): return .bytes(try bytes(of: file))
    case .tensor(let tensor):
      do throws(TensorFileError) {
        guard tensor.elementType.isFloatingPoint else { return .bytes(try tensor.bytes()) }
        let floats = try tensor.floats()
        if let index = floats.firstIndex(where: { !$0.isFinite }) {
          throw TensorFileError(
            .malformed, path: path,
            "number \(index) (row-major) is \(floats[index]); replace it by a finite one")
        }
        return .floats(floats)
      } catch {
        throw DatasetError(error)
      }
    }
  }

  /// The numbers as whole numbers, row-major.
  ///
  /// - Returns: One integer per element.
  /// - Throws: ``DatasetError`` if the elements are not integers.
  public func integers() throws(DatasetError) -> [Int] {
    switch content {
    case .idx(let file): return try bytes(of: file).map(Int.init)
    case .tensor(let tensor):
      do throws(TensorFileError) {
        return try tensor.integers()
      } catch {
        throw DatasetError(error)
      }
    }
  }

  /// The numbers in single precision, row-major; they may be integers or, after rounding, infinite.
  ///
  /// - Returns: One float per element.
  /// - Throws: ``DatasetError`` if the elements are not real numbers.
  func floats() throws(DatasetError) -> [Float] {
    guard case .tensor(let tensor) = content, tensor.elementType.isFloatingPoint else {
      return try integers().map(Float.init)
    }
    do throws(TensorFileError) {
      return try tensor.floats()
    } catch {
      throw DatasetError(error)
    }
  }

  private func bytes(of file: IDXFile) throws(DatasetError) -> [UInt8] {
    guard file.elementType == .uint8 else {
      throw DatasetError(
        .unsupported, path: path,
        "holds elements of the type \(file.elementType); convert them to unsigned bytes, or save "
          + "them as NPY")
    }
    return file.bytes
  }

  /// The number of examples that the array holds: its first extent, or 1 if it is a single example.
  ///
  /// - Parameter inputCount: The number of inputs that the network takes.
  /// - Returns: How many examples there are.
  /// - Throws: ``DatasetError`` if an example has another number of inputs.
  public func exampleCount(inputCount: Int) throws(DatasetError) -> Int {
    let count = elementCount
    if let first = shape.first, first > 0, count.isMultiple(of: inputCount),
      count / inputCount == first
    {
      return first
    }
    guard count == inputCount else {
      throw DatasetError(
        .mismatched, path: path,
        "holds an array of the shape \(shapeText(shape)), but the network takes \(inputCount) "
          + "numbers per example; give inputs of the size the network was trained on")
    }
    return 1
  }
}

extension DatasetError {
  /// The same failure, met while reading an array from a tensor file.
  init(_ error: TensorFileError) {
    let code: Code =
      switch error.code {
      case .inaccessible: .inaccessible
      case .unwritable: .unwritable
      case .unknownFormat, .malformed: .malformed
      case .unsupported: .unsupported
      }
    self.init(code, path: error.path, error.message)
  }
}
