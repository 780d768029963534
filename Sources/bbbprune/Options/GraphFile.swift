import Foundation

/// Whether a file is a graph (ONNX).
enum GraphFile {
  /// What else a file may be.
  enum Alternative {
    /// A network's text.
    case text
    /// A file of tensors.
    case tensors
  }

  /// Looks at a file's name and first bytes.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - alternative: What it is if it is no graph.
  /// - Returns: Whether it is called a graph, or begins with the number of a model's first field.
  static func isGraph(_ path: String, besides alternative: Alternative = .tensors) -> Bool {
    if path.lowercased().hasSuffix(".onnx") { return true }
    let start = [UInt8]((try? FileHandle(forReadingAtPath: path)?.read(upToCount: 9)) ?? Data())
    guard start.first == 0x08 else { return false }
    switch alternative {
    case .text: return true
    case .tensors:
      // The length of a safetensors file's header begins so, too.
      return start.count == 9 && (3...32).contains(start[1])
        && start[4..<9] != [0, 0, 0, 0, UInt8(ascii: "{")]
    }
  }
}
