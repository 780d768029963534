import ArgumentParser
import BBBErrors
import BBBNetwork
import BBBONNX
import Foundation

/// A network as a file of text, as a graph (ONNX), or as sizes and an activation.
struct NetworkArgument: ExpressibleByArgument {
  private let argument: String

  init(argument: String) { self.argument = argument }

  /// The file; `nil` for sizes.
  var path: String? { isShorthand ? nil : argument }

  /// What describes the network.
  enum Description {
    case text(Network)
    case graph(GraphNetwork)

    /// What text says; `nil` of a graph.
    var network: Network? { if case .text(let network) = self { network } else { nil } }
    /// The graph; `nil` of a text.
    var graph: GraphNetwork? { if case .graph(let graph) = self { graph } else { nil } }
  }

  /// Reads the text or the graph.
  ///
  /// - Parameter options: What a graph leaves open about its inputs.
  /// - Returns: What it describes.
  /// - Throws: As ``network()`` does, and `ONNXError` if a graph cannot be read or run.
  func description(_ options: ONNXInputOptions) throws -> Description {
    isGraph
      ? .graph(try ONNXGraph(contentsOf: argument, options: options).network())
      : .text(try network())
  }

  /// Reads the text.
  ///
  /// - Returns: The network.
  /// - Throws: `ValidationError` if sizes are no network's, ``CommandError`` if the file cannot be read or is a graph,
  ///   `NetworkError` if it describes no network.
  func network() throws -> Network {
    guard !isGraph else {
      throw CommandError(
        .unsuitable, path: argument,
        "is a graph with weights, and here a network is described as text (docs/networks.md), such as 'bbbprune inspect' "
          + "prints")
    }
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

  /// Whether the file is a graph, and no text, which begins otherwise.
  var isGraph: Bool { !isShorthand && GraphFile.isGraph(argument, besides: .text) }

  /// Whether it begins with numbers and hyphens between, which no file is called.
  private var isShorthand: Bool {
    let sizes = argument.prefix { $0 != " " }
    return sizes.contains("-") && sizes.allSatisfy { $0.isNumber || $0 == "-" }
  }
}
