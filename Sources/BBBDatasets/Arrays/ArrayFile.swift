import BBBTensors

/// An array of numbers in a file: IDX (gzipped or not), a tensor file such as NPY, or a table (CSV).
public struct ArrayFile: Sendable {
  /// Where the array is, for messages: the file as the user named it, and which of its arrays if it has several.
  public let path: String
  /// The file alone.
  let file: String
  /// The extent of each dimension; of a table, the numbers of rows and of columns.
  public let shape: [Int]
  /// What the columns of a table are called; `nil` for other files.
  public let columnNames: [String]?
  private let content: Content

  private enum Content: Sendable {
    case idx(IDXFile)
    case tensor(Tensor)
    case numbers([Float])
  }

  /// The number of elements, as the bytes bear out.
  private var elementCount: Int {
    switch content {
    case .idx(let file): file.bytes.count / file.elementType.byteCount
    case .tensor(let tensor): tensor.count
    case .numbers(let numbers): numbers.count
    }
  }

  /// Whether the numbers may have a fraction: whether the file declares floating-point numbers, or its text has a
  /// number that is not whole.
  var isFloatingPoint: Bool {
    switch content {
    case .idx(let file): file.elementType.isFloatingPoint
    case .tensor(let tensor): tensor.elementType.isFloatingPoint
    case .numbers(let numbers): numbers.contains { $0 != $0.rounded() }
    }
  }

  /// Opens a file that holds one array; its kind is found from its content.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - columns: The columns of a table to take, in this order; all of them by default.
  /// - Throws: ``DatasetError`` if it is of no kind that is read, is damaged, holds more than one
  ///   tensor, or does not have the columns.
  public init(contentsOf path: String, columns: [String] = []) throws(DatasetError) {
    switch ArrayFileKind(ofFile: path) {
    case .csv:
      let table = try CSVTable(contentsOf: path)
      let places =
        try columns.isEmpty
        ? Array(table.columnNames.indices) : table.columns(named: columns)
      self.init(table, columns: places)
    case .idx:
      try Self.requireNoColumns(columns, path)
      self.init(try IDXFile(contentsOf: path))
    case .tensors:
      try Self.requireNoColumns(columns, path)
      do throws(TensorFileError) {
        let file = try TensorFile(contentsOf: path)
        guard file.tensors.count == 1, let tensor = file.tensors.first else {
          throw TensorFileError(
            .unsupported, path: path,
            "holds \(file.tensors.count) tensors where one array is expected; save it alone, as NPY"
          )
        }
        self.init(try tensor.loaded(), path: path, file: path)
      } catch {
        throw DatasetError(error)
      }
    }
  }

  /// Opens the inputs of a file, which may hold what belongs to them as well.
  ///
  /// - Parameters:
  ///   - path: A file of one array; an archive, whose inputs are found by name (``ExampleArrays``); or a table.
  ///   - splits: Whose inputs are taken of an archive: the first split's that it has.
  ///   - answerColumns: The columns of a table that are no inputs; none by default.
  /// - Throws: ``DatasetError`` if the file is of no kind that is read, is damaged, or holds no inputs that can
  ///   be told.
  public init(
    inputsOf path: String, splits: [Dataset.Split] = [.test],
    leavingOut answerColumns: [String] = []
  ) throws(DatasetError) {
    switch ArrayFileKind(ofFile: path) {
    case .csv:
      let table = try CSVTable(contentsOf: path)
      self.init(table, columns: try table.columns(leavingOut: answerColumns))
    case .idx: try self.init(contentsOf: path, columns: answerColumns)
    case .tensors:
      try Self.requireNoColumns(answerColumns, path)
      self = try ExampleArrays.inputs(of: path, splits: splits)
    }
  }

  /// Some columns of a table.
  ///
  /// - Parameters:
  ///   - table: The table.
  ///   - columns: Their places, at least one.
  ///   - role: What they are called in messages beside the file; nothing by default.
  init(_ table: CSVTable, columns: [Int], role: String? = nil) {
    file = table.path
    path = table.path + (role.map { ", \($0)" } ?? "")
    shape = [table.rowCount, columns.count]
    columnNames = columns.map { table.columnNames[$0] }
    content = .numbers(table.values(ofColumns: columns))
  }

  private init(_ file: IDXFile) {
    self.file = file.path
    path = file.path
    shape = file.shape
    columnNames = nil
    content = .idx(file)
  }

  private init(_ tensor: Tensor, path: String, file: String) {
    self.file = file
    self.path = path
    shape = tensor.shape
    columnNames = nil
    content = .tensor(tensor)
  }

  /// One array of a file of several.
  ///
  /// - Parameters:
  ///   - tensor: The array.
  ///   - path: The file, as the user named it.
  init(_ tensor: Tensor, of path: String) {
    self.init(tensor, path: "\(path), array \"\(tensor.name)\"", file: path)
  }

  /// Checks that nobody names columns of a file that has none.
  static func requireNoColumns(_ columns: [String], _ path: String) throws(DatasetError) {
    guard let name = columns.first else { return }
    throw DatasetError(
      .unsupported, path: path,
      "is no table, so it has no column \"\(name)\"; name columns of CSV files only")
  }

  /// The numbers as a network takes them, row-major.
  ///
  /// Unsigned bytes are pixels, to be scaled by the network. All other numbers are taken as they are: those of
  /// other integer types and of tables too, and truth values as 0 and 1.
  ///
  /// - Returns: Bytes, or floats, rounded to single precision.
  /// - Throws: ``DatasetError`` if the elements are no real numbers, or one of them is not finite.
  public func inputs() throws(DatasetError) -> Dataset.Inputs {
    switch content {
    case .idx(let file) where file.elementType == .uint8: return .bytes(file.bytes)
    case .tensor(let tensor) where tensor.elementType == .uint8:
      do throws(TensorFileError) {
        return .bytes(try tensor.bytes())
      } catch {
        throw DatasetError(error)
      }
    default:
      let floats = try floats()
      if let index = floats.firstIndex(where: { !$0.isFinite }) {
        throw DatasetError(
          .malformed, path: path,
          "\(placeText(index)) is \(floats[index]); replace it by a number that is finite in single precision"
        )
      }
      return .floats(floats)
    }
  }

  /// The numbers as whole numbers, row-major.
  ///
  /// - Returns: One integer per element.
  /// - Throws: ``DatasetError`` if the elements are not integers.
  public func integers() throws(DatasetError) -> [Int] {
    switch content {
    case .idx(let file):
      guard !file.elementType.isFloatingPoint else {
        throw DatasetError(
          .unsupported, path: path,
          "holds elements of the type \(file.elementType) where whole numbers are expected; convert them"
        )
      }
      return file.numbers.map { Int($0) }
    case .tensor(let tensor):
      do throws(TensorFileError) {
        return try tensor.integers()
      } catch {
        throw DatasetError(error)
      }
    case .numbers(let numbers):
      if let index = numbers.firstIndex(where: { Int(exactly: $0) == nil }) {
        throw DatasetError(
          .malformed, path: path,
          "\(placeText(index)) is \(numbers[index]) where a whole number is expected; write classes as whole numbers, counted from 0"
        )
      }
      return numbers.map { Int($0) }
    }
  }

  /// The numbers in single precision, row-major; they may be integers or, after rounding, infinite.
  ///
  /// - Returns: One float per element; 1 and 0 for truth values.
  /// - Throws: ``DatasetError`` if the elements are not real numbers.
  func floats() throws(DatasetError) -> [Float] {
    switch content {
    case .idx(let file): return file.numbers.map { Float($0) }
    case .numbers(let numbers): return numbers
    case .tensor(let tensor):
      do throws(TensorFileError) {
        return tensor.elementType.isFloatingPoint
          ? try tensor.floats() : try tensor.integers().map { Float($0) }
      } catch {
        throw DatasetError(error)
      }
    }
  }

  /// Which element an index is: the example, and which of its numbers or which column.
  private func placeText(_ index: Int) -> String {
    guard let count = shape.first, count > 0 else { return "the number" }
    let width = elementCount / count
    let example = "example \(index / width)"
    if let columnNames { return "\(example), column \"\(columnNames[index % width])\"," }
    return width == 1 ? example : "number \(index % width) of \(example)"
  }

  /// The number of examples that the array holds: its first extent, or 1 if it is a single example.
  ///
  /// - Parameter inputCount: The number of inputs that the network takes.
  /// - Returns: How many examples there are.
  /// - Throws: ``DatasetError`` if an example has another number of inputs.
  public func exampleCount(inputCount: Int) throws(DatasetError) -> Int {
    let count = elementCount
    guard count > 0 else {
      throw DatasetError(
        .mismatched, path: path,
        "holds no examples, since its shape is \(shapeText(shape)); give at least one")
    }
    if let first = shape.first, first > 0, count.isMultiple(of: inputCount),
      count / inputCount == first
    {
      return first
    }
    guard columnNames == nil, count == inputCount else {
      let remedy =
        columnNames == nil
        ? "give inputs of the size the network was trained on"
        : "give a column for each input, and name those that are none with '--label-column'"
      throw DatasetError(
        .mismatched, path: path,
        "holds an array of the shape \(shapeText(shape)), but the network takes \(inputCount) "
          + "numbers per example; \(remedy)")
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
