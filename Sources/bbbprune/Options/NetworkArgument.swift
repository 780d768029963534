import ArgumentParser
import BBBErrors
import BBBNetwork
import Foundation

/// A network as text: a file's, or sizes and an activation.
struct NetworkArgument: ExpressibleByArgument {
  private let argument: String

  init(argument: String) { self.argument = argument }

  /// The file; `nil` for sizes.
  var path: String? { isShorthand ? nil : argument }

  /// Reads the text.
  ///
  /// - Returns: The network.
  /// - Throws: `ValidationError` if sizes are no network's, ``CommandError`` if the file cannot be read,
  ///   `NetworkError` if it describes no network.
  func network() throws -> Network {
    if isShorthand {
      do {
        return try Network(text: argument)
      } catch {
        throw ValidationError("'--network \(argument)': \(error.message).")
      }
    }
    guard let handle = FileHandle(forReadingAtPath: argument),
      let data = try? handle.read(upToCount: Self.largestByteCount + 1),
      data.count <= Self.largestByteCount, let text = String(validating: data, as: UTF8.self)
    else {
      throw CommandError(
        .inaccessible, path: argument,
        "cannot be read as text; check the path, or give sizes and an activation such as '784-400-10 relu'"
      )
    }
    do {
      return try Network(text: text)
    } catch {
      throw error.located(in: argument)
    }
  }

  /// More bytes than any description has.
  private static let largestByteCount = 1 << 20

  /// Whether it begins with numbers and hyphens between, which no file is called.
  private var isShorthand: Bool {
    let sizes = argument.prefix { $0 != " " }
    return sizes.contains("-") && sizes.allSatisfy { $0.isNumber || $0 == "-" }
  }
}
