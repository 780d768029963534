import Foundation

/// How wide text may be.
enum TerminalWidth {
  /// The width where nothing tells it.
  static let usual = 80
  /// Less than that is too little for a table.
  static let least = 40

  /// The width for a stream.
  ///
  /// Into a file or a pipe it is the same as on a terminal that does not tell: what a command prints does not
  /// depend on where it goes, and is as easy to read when it is shown later.
  ///
  /// - Parameters:
  ///   - descriptor: The stream's file descriptor.
  ///   - variables: The environment.
  /// - Returns: What `COLUMNS` says (as POSIX has it, the user's word counts before the terminal's), else the terminal's own
  ///   width, else ``usual``; at least ``least``.
  static func columns(
    of descriptor: Int32, variables: [String: String] = ProcessInfo.processInfo.environment
  ) -> Int {
    max(variables["COLUMNS"].flatMap(wish) ?? ownWidth(of: descriptor) ?? usual, least)
  }

  private static func wish(_ text: String) -> Int? {
    Int(text).flatMap { 1...10_000 ~= $0 ? $0 : nil }
  }

  /// The width of a terminal; `nil` if it is none, or does not know.
  private static func ownWidth(of descriptor: Int32) -> Int? {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }
}
