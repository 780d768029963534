import ArgumentParser
import BBBNetwork
import BBBTensors
import Foundation

/// A file that describes a network as text.
struct NetworkFile: ExpressibleByArgument {
  let path: String

  init(argument: String) { path = argument }

  /// More bytes than any description has.
  private static let largestByteCount = 1 << 20

  /// Reads the network.
  func read() throws -> Network {
    guard let handle = FileHandle(forReadingAtPath: path),
      let data = try? handle.read(upToCount: Self.largestByteCount + 1)
    else {
      throw UnsuitableInputError(
        description: "\(path): cannot be read; give the path of a network's text (docs/networks.md)"
      )
    }
    guard data.count <= Self.largestByteCount, let text = String(validating: data, as: UTF8.self)
    else {
      throw UnsuitableInputError(
        description: "\(path): is not the text of a network; docs/networks.md says how to write one"
      )
    }
    do {
      return try Network(text: text)
    } catch {
      throw UnsuitableInputError(description: "\(path): \(error)")
    }
  }
}
