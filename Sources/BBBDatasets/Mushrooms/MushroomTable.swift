import Foundation

/// The mushroom table of the UCI repository, or one of the same form: of each mushroom whether it is
/// edible, and 22 attributes that are letters.
///
/// Source: *Mushroom*, UCI Machine Learning Repository (1987), `agaricus-lepiota.data`.
public struct MushroomTable: Equatable, Sendable {
  /// One value of one attribute: an input that is 1 for the mushrooms that have it, and 0 for others.
  public struct Column: Hashable, Sendable {
    /// The number of the attribute, counted from 0.
    public let attribute: Int
    /// The value, an ASCII character; "?" is one like any other.
    public let value: UInt8
  }

  /// The number of attributes of a mushroom.
  public static let attributeCount = 22

  /// Whether each mushroom is edible; the others are poisonous.
  public let isEdible: [Bool]
  /// The values that occur in the table, by attribute and then by character; 117 in that of the
  /// repository.
  public let columns: [Column]
  /// For each mushroom and attribute the number of the column that is 1.
  private let places: [UInt16]

  /// The number of mushrooms; at least 1.
  public var count: Int { isEdible.count }

  /// The columns in which a mushroom has a 1, ascending.
  ///
  /// - Parameter mushroom: The number of the mushroom, counted from 0.
  /// - Returns: One column for each attribute.
  public func places(ofMushroom mushroom: Int) -> ArraySlice<UInt16> {
    places[mushroom * Self.attributeCount..<(mushroom + 1) * Self.attributeCount]
  }

  /// Reads a table.
  ///
  /// - Parameter path: The file: one line for each mushroom, of its class, `e` or `p`, and its
  ///   attributes, with commas between them.
  /// - Throws: ``DatasetError`` if the file cannot be read, or breaks that form.
  public init(path: String) throws(DatasetError) {
    guard let size = DatasetFile.size(of: path) else {
      throw DatasetError(.inaccessible, path: path, "cannot be read; check the path")
    }
    guard size <= Self.mostBytes else {
      throw DatasetError(
        .unsupported, path: path,
        "has \(size) bytes, but a table of mushrooms at most \(Self.mostBytes);"
          + " \(Self.remedy)")
    }
    guard let content = try? [UInt8](Data(contentsOf: URL(filePath: path))) else {
      throw DatasetError(.inaccessible, path: path, "cannot be read; check its permissions")
    }
    try self.init(content, path: path)
  }

  /// Finds the repository's table and reads it.
  ///
  /// - Parameter locator: Where to look for the file.
  /// - Throws: ``DatasetError`` if the file is not found, or not well formed.
  public init(locator: DatasetLocator) throws(DatasetError) {
    let paths = try locator.paths(
      ofFilesSpelled: [MushroomFiles.table.names], of: MushroomFiles.dataset)
    try self.init(path: paths[0])
  }

  /// Reads the content of a file.
  ///
  /// - Parameters:
  ///   - content: The bytes.
  ///   - path: What messages call the file.
  /// - Throws: ``DatasetError`` that names the line.
  package init(_ content: [UInt8], path: String) throws(DatasetError) {
    var edible: [Bool] = []
    var values: [UInt8] = []
    var number = 0
    for line in content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      number += 1
      let line = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      // Such as after the last line feed.
      if line.isEmpty { continue }
      edible.append(try Self.isEdible(line, number: number, path: path, values: &values))
    }
    guard !edible.isEmpty else {
      throw DatasetError(.malformed, path: path, "holds no mushrooms; \(Self.remedy)")
    }
    isEdible = edible
    var seen = [Bool](repeating: false, count: Self.attributeCount * 128)
    for (place, value) in values.enumerated() {
      seen[place % Self.attributeCount * 128 + Int(value)] = true
    }
    var columns: [Column] = []
    var columnNumbers = [UInt16](repeating: 0, count: seen.count)
    for (code, isSeen) in seen.enumerated() where isSeen {
      columnNumbers[code] = UInt16(columns.count)
      columns.append(Column(attribute: code / 128, value: UInt8(code % 128)))
    }
    self.columns = columns
    places = values.enumerated().map { place, value in
      columnNumbers[place % Self.attributeCount * 128 + Int(value)]
    }
  }

  /// Takes a line apart.
  ///
  /// - Returns: Whether the mushroom is edible; its attributes are appended to `values`.
  private static func isEdible(
    _ line: ArraySlice<UInt8>, number: Int, path: String, values: inout [UInt8]
  ) throws(DatasetError) -> Bool {
    func malformed(_ problem: String) -> DatasetError {
      DatasetError(.malformed, path: path, "line \(number) \(problem); \(remedy)")
    }
    let fields = line.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
    guard fields.count == attributeCount + 1 else {
      throw malformed(
        "has \(fields.count) values, but a mushroom has its class and \(attributeCount) attributes")
    }
    for (place, field) in fields.enumerated() {
      // A printable character of ASCII.
      guard field.count == 1, let value = field.first, (0x21...0x7E).contains(value) else {
        throw malformed("has no single letter as value \(place + 1)")
      }
      if place > 0 { values.append(value) }
    }
    switch fields[0].first {
    case UInt8(ascii: "e"): return true
    case UInt8(ascii: "p"): return false
    default: throw malformed("begins with neither e, for edible, nor p, for poisonous")
    }
  }

  /// Two hundred times the repository's table; more is no list of mushrooms.
  private static let mostBytes = 1 << 26
  private static let remedy = "get the table with 'bbbprune data mushroom'"
}
