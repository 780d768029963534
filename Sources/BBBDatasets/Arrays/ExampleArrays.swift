import BBBErrors
import BBBTensors

/// The two arrays of a file that holds both, or the columns of a table: what a network is given, and what it should answer.
struct ExampleArrays {
  let inputs: ArrayFile
  let answers: ArrayFile

  /// The names that pairs of arrays go by; capitals do not matter.
  private static let pairs = [
    ("x", "y"), ("images", "labels"), ("inputs", "targets"), ("data", "labels"),
  ]

  /// Finds the pair in a file.
  ///
  /// - Parameters:
  ///   - path: An NPZ file or another one of named arrays, where the names with `_train` behind or `train_` before
  ///     them go first; or a table.
  ///   - split: Which of several pairs to take; a pair named after no split serves both.
  ///   - answerColumns: The columns of a table that are to be answered; the last one if none are named.
  /// - Throws: ``DatasetError`` if the file cannot be read or holds no such pair; it lists the arrays.
  init(
    contentsOf path: String, split: Dataset.Split, answerColumns: [String] = []
  ) throws(DatasetError) {
    if case .csv = ArrayFileKind(ofFile: path) {
      let table = try CSVTable(contentsOf: path)
      let names = answerColumns.isEmpty ? Array(table.columnNames.suffix(1)) : answerColumns
      let role = names.map { "column \"\($0)\"" }.joined(separator: ", ").asMessage
      answers = ArrayFile(table, columns: try table.columns(named: names), role: role)
      inputs = ArrayFile(table, columns: try table.columns(leavingOut: names))
      return
    }
    try ArrayFile.requireNoColumns(answerColumns, path)
    do throws(TensorFileError) {
      let file = try TensorFile(contentsOf: path)
      for spelling in Self.spellings(split) {
        for pair in Self.pairs {
          guard let inputs = Self.array(spelling(pair.0), in: file),
            let answers = Self.array(spelling(pair.1), in: file)
          else { continue }
          self.inputs = try ArrayFile(inputs.loaded(), of: path)
          self.answers = try ArrayFile(answers.loaded(), of: path)
          return
        }
      }
      let pairs = Self.pairs.map { "\($0.0) and \($0.1)" }
      throw Self.missing(
        "pair of arrays", "the pair", pairs, x: "x_\(split.rawValue) and y_\(split.rawValue)",
        in: file, split)
    } catch {
      throw DatasetError(error)
    }
  }

  /// Finds the inputs in a file of arrays, whether or not answers are beside them.
  ///
  /// - Parameters:
  ///   - path: An NPZ file or another one of named arrays; one array alone may have any name.
  ///   - splits: Whose inputs are taken, at least one: the first split's that the file has.
  /// - Returns: The inputs.
  /// - Throws: ``DatasetError`` if the file cannot be read or holds no such array; it lists the arrays.
  static func inputs(of path: String, splits: [Dataset.Split]) throws(DatasetError) -> ArrayFile {
    do throws(TensorFileError) {
      let file = try TensorFile(contentsOf: path)
      guard file.tensors.count != 1 else {
        return ArrayFile(try file.tensors[0].loaded(), of: path)
      }
      for spelling in splits.flatMap(spellings) {
        for (name, _) in pairs {
          guard let inputs = array(spelling(name), in: file) else { continue }
          return ArrayFile(try inputs.loaded(), of: path)
        }
      }
      let (names, split) = (pairs.map(\.0), splits[0])
      throw missing("inputs", "them", names, x: "x_\(split.rawValue)", in: file, split)
    } catch {
      throw DatasetError(error)
    }
  }

  private static func spellings(_ split: Dataset.Split) -> [(String) -> String] {
    [{ "\($0)_\(split.rawValue)" }, { "\(split.rawValue)_\($0)" }, { $0 }]
  }

  private static func array(_ name: String, in file: TensorFile) -> Tensor? {
    file[name] ?? file.tensors.first { $0.name.lowercased() == name }
  }

  private static func missing(
    _ what: String, _ pronoun: String, _ names: [String], x spelled: String, in file: TensorFile,
    _ split: Dataset.Split
  ) -> TensorFileError {
    let found = file.tensors.map { "\($0.name) (\(shapeText($0.shape)))" }
    return TensorFileError(
      .unsupported, path: file.path,
      "holds no \(what) for the \(split.rawValue) split, but \(found.joined(separator: ", "));"
        + " name \(pronoun) \(names.joined(separator: ", ")), or \(spelled)")
  }
}
