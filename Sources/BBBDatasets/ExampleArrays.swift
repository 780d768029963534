import BBBTensors

/// The two arrays of a file that holds both: what a network is given, and what it should answer.
struct ExampleArrays {
  let inputs: ArrayFile
  let answers: ArrayFile

  /// The names that pairs of arrays go by; capitals do not matter.
  private static let pairs = [
    ("x", "y"), ("images", "labels"), ("inputs", "targets"), ("data", "labels"),
  ]

  /// Finds the pair for a split: names with `_train` behind or `train_` before them go first.
  ///
  /// - Parameters:
  ///   - path: An NPZ file, or another file of named arrays.
  ///   - split: Which of several pairs to take; a pair named after no split serves both.
  /// - Throws: ``DatasetError`` if the file cannot be read or holds no such pair; it lists the arrays.
  init(contentsOf path: String, split: Dataset.Split) throws(DatasetError) {
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
      throw Self.noPair(in: file, split: split)
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

  private static func noPair(in file: TensorFile, split: Dataset.Split) -> TensorFileError {
    let names = file.tensors.map { "\($0.name) (\(shapeText($0.shape)))" }
    let pairs = pairs.map { "\($0.0) and \($0.1)" }.joined(separator: ", ")
    return TensorFileError(
      .unsupported, path: file.path,
      "holds no pair of arrays for the \(split.rawValue) split, but \(names.joined(separator: ", "));"
        + " name the pair \(pairs), or x_\(split.rawValue) and y_\(split.rawValue)")
  }
}
