import ArgumentParser
import BBBNetwork

/// A file for one of a model's inputs or outputs: `NAME=FILE`, or a file alone for the only one.
struct NamedFile: ExpressibleByArgument {
  /// The input or output; `nil` for the only one.
  let name: String?
  /// The file.
  let path: String

  init(argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty {
      (name, path) = (String(parts[0]), String(parts[1]))
    } else {
      (name, path) = (nil, argument)
    }
  }
}

extension [NamedFile] {
  /// Checks that each is named, or there is one alone.
  ///
  /// - Parameter option: What gives them, for messages.
  /// - Throws: `ValidationError` if one lacks a name, or two have the same.
  func check(_ option: String) throws {
    let names = compactMap(\.name)
    guard names.count == count || count == 1 else {
      throw ValidationError(
        "'\(option)' is given \(count) times, and so takes a name each time: \(option) NAME=FILE.")
    }
    if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
      throw ValidationError("'\(option)' gives '\(twice)' twice: leave one out.")
    }
  }
}
