import ArgumentParser
import BBBInference
import BBBNetwork
import BBBTensors
import Foundation

/// The files that `predict` writes: one of everything, or one for each output by its name.
struct PredictionFiles {
  private let files: [NamedFile]

  init(_ files: [NamedFile]) { self.files = files }

  /// Whether outputs are written by their names.
  var areNamed: Bool { files.contains { $0.name != nil } }

  /// Checks the files' endings.
  ///
  /// - Throws: `ValidationError` naming a file of no kind that is written.
  func check() throws {
    try files.check("-o")
    for file in files {
      if file.path == "-" { throw ValidationError("Name a file instead of '-'.") }
      guard PredictionFile(path: file.path) != nil else {
        throw ValidationError(
          "The ending of '\(file.path)' says no kind of file: name it .csv, .npz or .npy.")
      }
      guard file.name == nil || file.path.lowercased().hasSuffix(".npy") else {
        throw ValidationError(
          "The file of an output by its name is '.npy', and not '\(file.path)'.")
      }
    }
  }

  /// Checks that the outputs are there, before they are computed.
  ///
  /// - Parameters:
  ///   - model: Whose outputs they are.
  ///   - path: The model's file.
  /// - Throws: ``CommandError`` naming what there is.
  func check(against model: CompactModel, path: String) throws(CommandError) {
    let ports = model.ports.outputs
    let unknown = files.compactMap(\.name).first { name in !ports.contains { $0.name == name } }
    if let unknown {
      throw CommandError(
        .unsuitable, path: path,
        "there is no output called \"\(unknown)\"; the outputs are \(Ports.list(ports))")
    }
    guard files.isEmpty || areNamed || ports.count == 1 else {
      throw CommandError(
        .unsuitable, path: path,
        "has \(ports.count) outputs, \(Ports.list(ports)): write each with -o NAME=FILE")
    }
  }

  /// Writes them.
  ///
  /// - Parameter predictions: What they are to hold.
  /// - Throws: `TensorFileError` if one cannot be written.
  func write(_ predictions: PredictionArrays) throws {
    guard areNamed else {
      for file in files { try PredictionFile(path: file.path)?.write(predictions) }
      return
    }
    try OutputFile.write(
      files.map { file in
        (
          data: try NPYEncoder.encode(predictions.tensor(ofOutput: file.name ?? "")),
          path: file.path
        )
      })
  }

  /// A line for each output that was written: its name, shape and file.
  func lines(_ predictions: PredictionArrays) -> String {
    files.map { file in
      let shape = predictions.tensor(ofOutput: file.name ?? "").shape
      return [file.name ?? "", shapeText(shape), file.path].joined(separator: "\t") + "\n"
    }.joined()
  }
}
