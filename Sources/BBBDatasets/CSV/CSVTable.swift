/// A table of numbers as comma-separated text (RFC 4180), whose first line names the columns.
///
/// Truth values (`True`, `false`) are 1 and 0. Whatever else is no finite number is an error that names the
/// line and the column, and so are names that are not UTF-8, empty, or given twice.
public struct CSVTable: Equatable, Sendable {
  /// The file, as the user named it.
  public let path: String
  /// The names of the columns; at least one, none of them empty, all different.
  public let columnNames: [String]
  /// The number of rows below the names; at least 1.
  public let rowCount: Int
  /// The numbers, rounded to single precision, row-major: `rowCount` × columns; all finite.
  public let values: [Float]

  /// Reads a file.
  ///
  /// - Parameter path: The file.
  /// - Throws: ``DatasetError`` if it cannot be read or is no such table.
  public init(contentsOf path: String) throws(DatasetError) {
    try self.init(bytes: try fileContent(path), path: path)
  }

  /// Reads the content of a file that is in memory.
  ///
  /// - Parameters:
  ///   - content: All bytes of the file.
  ///   - path: The name to use in messages.
  /// - Throws: ``DatasetError`` if it is no table of numbers with names.
  public init(bytes content: [UInt8], path: String) throws(DatasetError) {
    guard !content.starts(with: [0xFF, 0xFE]), !content.starts(with: [0xFE, 0xFF]) else {
      throw DatasetError(
        .unsupported, path: path, "is a table in UTF-16; save it as UTF-8, comma-separated")
    }
    var lexer = CSVLexer(content)
    var fields: [CSVLexer.Field] = []
    do throws(CSVLexer.Failure) {
      let hasNames = try lexer.readRecord(into: &fields)
      let names = fields.map { lexer.text(of: $0) }
      if !hasNames { throw CSVLexer.Failure(line: 1, what: "the table is empty; " + Self.remedy) }
      try Self.check(names, lexer, fields)
      var values: [Float] = []
      var rows = 0
      while try lexer.readRecord(into: &fields) {
        // The end of a file is often an empty line.
        if Self.isBlank(fields), try Self.isAtEnd(lexer) { break }
        guard fields.count == names.count else {
          throw CSVLexer.Failure(
            line: lexer.line,
            what:
              "\(fields.count) \(fields.count == 1 ? "field stands" : "fields stand") where the first line"
              + " names \(names.count) \(names.count == 1 ? "column" : "columns"); give each line a number for every column"
          )
        }
        for (name, field) in zip(names, fields) {
          values.append(try Self.number(field, of: name, lexer))
        }
        rows += 1
      }
      guard rows > 0 else {
        throw CSVLexer.Failure(
          line: 1, what: "names columns, but no examples follow; give at least one")
      }
      columnNames = names
      rowCount = rows
      self.values = values
    } catch {
      throw DatasetError(.malformed, path: path, "line \(error.line): \(error.what)")
    }
    self.path = path
  }

  private static let remedy =
    "write the names of the columns there, then a line of numbers for each example"

  private static func isBlank(_ fields: [CSVLexer.Field]) -> Bool {
    fields.count == 1 && fields[0].range.isEmpty && !fields[0].isQuoted
  }

  /// Whether nothing but empty lines follow.
  private static func isAtEnd(_ lexer: CSVLexer) throws(CSVLexer.Failure) -> Bool {
    var rest = lexer
    var fields: [CSVLexer.Field] = []
    while try rest.readRecord(into: &fields) {
      if !isBlank(fields) { return false }
    }
    return true
  }

  private static func check(
    _ names: [String], _ lexer: CSVLexer, _ fields: [CSVLexer.Field]
  ) throws(CSVLexer.Failure) {
    func fail(_ what: String) -> CSVLexer.Failure { CSVLexer.Failure(line: lexer.line, what: what) }
    if let column = fields.firstIndex(where: { !lexer.isText($0) }) {
      throw fail(
        "the name of column \(column + 1), \"\(names[column].prefix(40))\", is not UTF-8; save the table as UTF-8"
      )
    }
    if names.count == 1, let other = names[0].first(where: { ";\t|".contains($0) }) {
      let separator = other == "\t" ? "tabs" : "'\(other)'"
      throw fail(
        "the columns are separated by \(separator); save the table with commas between columns, and points before decimals"
      )
    }
    if fields.allSatisfy({ lexer.number(in: $0) != nil }) {
      throw fail("numbers stand where the names of the columns are expected; \(remedy)")
    }
    if let unnamed = names.firstIndex(of: "") {
      throw fail(
        "column \(unnamed + 1) has no name; name it if it is an input, or leave it out (pandas writes its index so, unless 'index=False')"
      )
    }
    var known: Set<String> = []
    if let name = names.first(where: { !known.insert($0).inserted }) {
      throw fail("two columns are named \"\(name.prefix(40))\"; give each a name of its own")
    }
  }

  private static func number(
    _ field: CSVLexer.Field, of name: String, _ lexer: CSVLexer
  ) throws(CSVLexer.Failure) -> Float {
    func fail(_ what: String) -> CSVLexer.Failure {
      CSVLexer.Failure(line: lexer.line, what: "column \"\(name)\" \(what)")
    }
    guard let number = lexer.number(in: field) else {
      let text = lexer.text(of: field)
      throw fail(
        text.isEmpty
          ? "has no value; fill it in, or leave out the line or the column"
          : "says \"\(text.prefix(40))\", which is no number; write words as numbers, classes counted from 0"
      )
    }
    guard Float(number).isFinite else {
      throw fail("is \(number); replace it by a number that is finite in single precision")
    }
    return Float(number)
  }

  /// The places of columns.
  ///
  /// - Parameter names: Their names.
  /// - Returns: Their places, in the order of the names.
  /// - Throws: ``DatasetError`` if there is no such column, or one is named twice.
  public func columns(named names: [String]) throws(DatasetError) -> [Int] {
    var columns: [Int] = []
    for name in names {
      let found = columnNames.firstIndex(of: name)
      guard let found, !columns.contains(found) else {
        let known =
          columnNames.prefix(20).joined(separator: ", ") + (columnNames.count > 20 ? ", …" : "")
        let what = found == nil ? "has no column \"\(name)\"" : "column \"\(name)\" is named twice"
        throw DatasetError(
          .mismatched, path: path,
          "\(what); the columns are \(known)")
      }
      columns.append(found)
    }
    return columns
  }

  /// The places of all columns but some.
  ///
  /// - Parameter names: The names of those to leave out.
  /// - Returns: The places of the others, at least one, in order.
  /// - Throws: ``DatasetError`` if there is no such column, or nothing is left.
  func columns(leavingOut names: [String]) throws(DatasetError) -> [Int] {
    let others = Set(try columns(named: names))
    guard others.count < columnNames.count else {
      throw DatasetError(
        .mismatched, path: path,
        "has no columns but those to be answered; give at least one column of inputs")
    }
    return columnNames.indices.filter { !others.contains($0) }
  }

  /// The numbers of some columns, row-major.
  func values(ofColumns columns: [Int]) -> [Float] {
    let width = columnNames.count
    guard columns != Array(0..<width) else { return values }
    var result: [Float] = []
    result.reserveCapacity(rowCount * columns.count)
    for row in 0..<rowCount {
      for column in columns { result.append(values[row * width + column]) }
    }
    return result
  }
}
