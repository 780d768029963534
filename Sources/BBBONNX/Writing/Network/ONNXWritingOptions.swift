import BBBNetwork

/// How a network is written as an ONNX graph.
public struct ONNXWritingOptions: Sendable {
  /// The type in which the weights of matrices are held.
  public enum Values: Sendable {
    /// Single precision.
    case float32
    /// Half precision, each tensor with a cast to single behind it, which runtimes do once when they load the graph.
    case float16
  }

  /// What the graph makes of the network's outputs.
  public enum OutputForm: Sendable {
    /// Nothing: logits, where they are classes.
    case raw
    /// Probabilities, where they are logits.
    case probabilities
    /// Logarithms of probabilities, where they are logits of classes.
    case logarithms
  }

  /// The type of the weights.
  public var values: Values
  /// What the network's outputs mean, which the metadata tell.
  public var output: OutputMeaning
  /// How bytes become inputs, which the metadata tell: the graph takes inputs that are scaled.
  public var inputScaling: InputScaling
  /// What the graph makes of the outputs.
  public var outputForm: OutputForm

  /// Creates options.
  ///
  /// - Parameters:
  ///   - values: The type of the weights.
  ///   - output: What the network's outputs mean.
  ///   - inputScaling: How bytes become inputs.
  ///   - outputForm: What the graph makes of the outputs.
  public init(
    values: Values = .float32, output: OutputMeaning, inputScaling: InputScaling,
    outputForm: OutputForm = .raw
  ) {
    self.values = values
    self.output = output
    self.inputScaling = inputScaling
    self.outputForm = outputForm
  }
}

extension ONNXWritingOptions.OutputForm {
  /// What a graph of one output makes of a network's, for another to take its place.
  ///
  /// - Parameter graph: The graph.
  public init(endOf graph: ONNXGraph) {
    func maker(of value: String) -> ONNXNode? { graph.nodes.last { $0.outputs.contains(value) } }
    var last = graph.outputs.count == 1 ? maker(of: graph.outputs[0].value) : nil
    while let node = last, node.changesShapeAlone, let source = node.inputs.first.flatMap(\.self) {
      last = maker(of: source)
    }
    switch last?.operatorType {
    case "Softmax", "Sigmoid": self = .probabilities
    case "LogSoftmax": self = .logarithms
    default: self = .raw
    }
  }
}
