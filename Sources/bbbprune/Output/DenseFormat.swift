import BBBTensors
import Foundation

/// The file formats that dense tensors are written in.
enum DenseFormat: String {
  case safetensors
  case npz

  /// The format that a file's name decides on; `nil` if it names neither.
  init?(path: String) {
    self.init(rawValue: URL(filePath: path).pathExtension.lowercased())
  }

  /// The content of a file.
  ///
  /// - Parameters:
  ///   - tensors: What it holds.
  ///   - metadata: What it says of itself, where the format has a place for that.
  /// - Returns: The content.
  /// - Throws: `TensorFileError` if the format cannot hold the tensors.
  func encode(
    _ tensors: [Tensor], metadata: [String: String] = [:]
  ) throws(TensorFileError) -> Data {
    switch self {
    case .safetensors: try SafetensorsEncoder.encode(tensors, metadata: metadata)
    case .npz: try NPZEncoder.encode(tensors)
    }
  }
}
