import Foundation

/// Results.
enum StandardOutput {
  /// Writes text.
  ///
  /// - Throws: ``OutputError`` if it cannot be written, as on a full disk.
  static func write(_ text: String) throws {
    do {
      try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    } catch {
      throw OutputError(
        description: "standard output cannot be written: is the disk full, or the reader gone?")
    }
  }

  static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }
}

/// Messages and progress.
enum StandardError {
  static func write(_ text: String) {
    // A message that cannot be shown is no reason to fail.
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }

  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}
