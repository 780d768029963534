import ArgumentParser
import BBBONNX

/// What a graph (ONNX) leaves open about its inputs.
struct GraphOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Of a graph (ONNX) with free axes: the shape of its input, with the examples' axis or without (3x224x224), of one \
      of several (NAME=3x224x224), or an extent that it has a name for (height=320,width=320). Repeatable.
      """,
      valueName: "shape"))
  var inputShape: [GraphShapes] = []

  @Option(
    help: ArgumentHelp(
      "Of a graph: the number of an input that is the same for all examples, which becomes a constant: sr=16000. Repeatable.",
      valueName: "name=number"))
  var inputValue: [GraphValue] = []

  @Flag(
    help: """
      Of a graph whose inputs have no axis of examples: what they hold together is one example, and arrays have exactly the \
      graph's shapes.
      """)
  var noBatch = false

  /// The option that was given, if one was.
  var given: String? {
    !inputShape.isEmpty
      ? "--input-shape" : !inputValue.isEmpty ? "--input-value" : noBatch ? "--no-batch" : nil
  }

  /// What was said, for whoever reads the graph.
  ///
  /// - Returns: The shapes and values.
  /// - Throws: `ValidationError` if something is said twice.
  func options() throws -> ONNXInputOptions {
    var options = ONNXInputOptions(hasExamples: !noBatch)
    for (name, shape) in inputShape.flatMap(\.shapes) {
      let isNew =
        if let name {
          options.namedShapes.updateValue(shape, forKey: name) == nil
        } else {
          options.shape == nil
        }
      guard isNew else {
        throw ValidationError(
          "'--input-shape' gives two shapes \(name.map { "of '\($0)'" } ?? "of the only input"): leave one out."
        )
      }
      if name == nil { options.shape = shape }
    }
    for value in inputValue {
      guard options.values.updateValue(value.numbers, forKey: value.name) == nil else {
        throw ValidationError("'--input-value' gives '\(value.name)' twice: leave one out.")
      }
    }
    return options
  }
}
