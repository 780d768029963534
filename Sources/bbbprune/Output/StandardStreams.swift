import BBBReports
import Foundation

/// Results.
enum StandardOutput {
  /// Writes what is to arrive as it is, such as JSON.
  ///
  /// - Throws: ``CommandError`` if it cannot be written, as on a full disk.
  static func write(_ text: String) throws {
    do {
      try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    } catch {
      throw CommandError(
        .unwritable, "standard output cannot be written: is the disk full, or the reader gone?")
    }
  }

  /// Writes what people read: on a terminal its sentences are broken where a line ends.
  ///
  /// - Throws: ``CommandError`` if it cannot be written, as on a full disk.
  static func writeText(_ text: String) throws {
    try write(isTerminal ? TextWrap.wrap(text, width: width) : text)
  }

  static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// How many characters a line may have.
  static var width: Int { TerminalWidth.columns(of: STDOUT_FILENO) }
}

/// Messages and progress.
enum StandardError {
  /// Writes what steers the terminal itself.
  static func write(_ text: String) {
    // A message that cannot be shown is no reason to fail.
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }

  /// Writes what people read: on a terminal its sentences are broken where a line ends.
  static func writeText(_ text: String) {
    write(isTerminal ? TextWrap.wrap(text, width: width) : text)
  }

  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// How many characters a line may have.
  static var width: Int { TerminalWidth.columns(of: STDERR_FILENO) }
}
