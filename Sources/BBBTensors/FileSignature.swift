#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The container a file turns out to be, from its first bytes.
enum FileSignature {
  case safetensors
  /// The index of a checkpoint whose tensors are in several safetensors files.
  case safetensorsIndex
  case npy
  case zip
  case legacyPyTorch

  private static let formats =
    "the formats read are safetensors, NumPy (.npy, .npz) and PyTorch (.pt, .pth)"

  init(_ data: Data, path: String) throws(TensorFileError) {
    // A safetensors header length can look like any other signature, but its upper half is zero and a
    // brace follows, which is true of no other format here.
    let hasBrace = data.hasBytes([UInt8(ascii: "{")], at: 8)
    if hasBrace, data.hasBytes([0, 0, 0, 0], at: 4) {
      self = .safetensors
    } else if Self.isJSONObject(data) {
      self = .safetensorsIndex
    } else if data.hasBytes([0x93] + Array("NUMPY".utf8)) {
      self = .npy
    } else if data.hasBytes(Array("PK".utf8) + [3, 4]) || data.hasBytes(Array("PK".utf8) + [5, 6]) {
      self = .zip
    } else if LegacyPyTorchReader.isLegacyPyTorch(data) {
      self = .legacyPyTorch
    } else if let foreign = ForeignFormat(data) {
      throw Self.unknownFormat(foreign.message, path: path)
    } else if hasBrace {
      self = .safetensors
    } else {
      throw TensorFileError(
        .unknownFormat, path: path, "the file is of no known format; " + Self.formats)
    }
  }

  /// Whether a text begins as a JSON object does.
  private static func isJSONObject(_ data: Data) -> Bool {
    let dark = data.prefix(64).filter { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }.prefix(2)
    return dark.elementsEqual("{\"".utf8) || dark.elementsEqual("{}".utf8)
  }

  /// The error that a file is of a format that is recognised but not read.
  ///
  /// - Parameters:
  ///   - message: Which it is, and what to do.
  ///   - path: The file.
  /// - Returns: The error.
  static func unknownFormat(_ message: String, path: String) -> TensorFileError {
    TensorFileError(.unknownFormat, path: path, message + "; " + formats)
  }
}
