import BBBTensors
import Foundation

/// A file for predictions, of the kind that its ending names.
struct PredictionFile {
  private enum Kind: String {
    /// A table of everything.
    case csv
    /// Everything as arrays by name.
    case npz
    /// Probabilities, means or raw outputs as one array.
    case npy
  }

  private let path: String
  private let kind: Kind

  /// Finds the kind; `nil` if the ending names none.
  init?(path: String) {
    let ending = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
    guard path.contains("."), let kind = Kind(rawValue: ending) else { return nil }
    self.path = path
    self.kind = kind
  }

  /// Writes the file.
  ///
  /// - Parameter predictions: What it is to hold.
  /// - Throws: `TensorFileError` if it cannot be written.
  func write(_ predictions: PredictionArrays) throws {
    let content =
      switch kind {
      case .csv: Data(PredictionText.csv(predictions).utf8)
      case .npz: try NPZEncoder.encode(predictions.tensors)
      case .npy: try NPYEncoder.encode(predictions.tensor(predictions.main))
      }
    try OutputFile.write(content, to: path)
  }
}
