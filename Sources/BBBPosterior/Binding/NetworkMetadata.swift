import BBBNetwork
import BBBTensors

/// What a file's metadata say about its network, read or refused.
struct NetworkMetadata {
  /// The file, for messages.
  let path: String
  private let entries: [String: String]

  init(_ file: TensorFile) {
    path = file.path
    entries = file.metadata
  }

  /// Those of a graph, which says itself what they would.
  init(of graph: GraphNetwork) {
    path = graph.path
    entries = [:]
  }

  /// The name of the activation, under a key of its own or behind the sizes of `arch`.
  var activation: String? {
    if let name = entries["activation"] { return name }
    let words = entries["arch"]?.split(separator: " ") ?? []
    guard words.count > 1, let last = words.last, last.first?.isLetter == true else { return nil }
    return last.lowercased()
  }

  /// The network that the file describes.
  func network() throws(PosteriorError) -> Network? {
    guard let text = entries["network"] else { return nil }
    do throws(NetworkError) {
      return try Network(text: text)
    } catch {
      throw PosteriorError(
        .invalidValue, path: path,
        "the metadata's network cannot be read (\(error)); describe it with --network FILE")
    }
  }

  /// The factor that numbers are multiplied by.
  func inputFactor() throws(PosteriorError) -> Double? {
    if let text = entries["input_scale"] { return try factor(text, key: "input_scale") }
    return try entries["pixel_divisor"].map { text throws(PosteriorError) in
      try factor("1/" + text, key: "pixel_divisor")
    }
  }

  private func factor(_ text: String, key: String) throws(PosteriorError) -> Double {
    guard let scale = InputScale(text) else {
      throw refused(key, "is no positive number; give the factor with --input-scale")
    }
    return scale.factor
  }

  /// Numbers with commas between.
  func numbers(_ key: String) throws(PosteriorError) -> [Double]? {
    guard let text = entries[key] else { return nil }
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { part in
      let words = part.split(separator: " ")
      return words.count == 1 ? Double(words[0]) : nil
    }
    guard numbers.count == parts.count else {
      let option = "--" + key.split(separator: "_").joined(separator: "-")
      throw refused(key, "is no number, or numbers with commas between; give them with \(option)")
    }
    return numbers
  }

  /// What the outputs are, by `output`, else by the likelihood that the network was trained with.
  func output() throws(PosteriorError) -> OutputMeaning? {
    if let text = entries["output"] {
      guard let output = OutputMeaning(text) else {
        throw refused(
          "output",
          """
          is none of classes, binary, numbers, numbers:DEVIATION and mean-and-log-variance; say what the \
          outputs are with --output
          """)
      }
      return output
    }
    let words = entries["likelihood"]?.split(separator: " ") ?? []
    return switch words.first {
    case "categorical": .classes
    case "binary": .binary
    // Other programs may mean other things by the word: what is not understood says nothing.
    case "gaussian" where words.count == 2: OutputMeaning("numbers:\(words[1])")
    default: nil
    }
  }

  private func refused(_ key: String, _ why: String) -> PosteriorError {
    PosteriorError(
      .invalidValue, path: path,
      "the metadata says \(key) is \"\(entries[key] ?? "")\", which \(why)")
  }
}
