import Foundation

/// What ONNX Runtime makes of graphs that the program wrote.
extension PythonRuntime {
  /// A graph, and inputs for it.
  public struct Graph {
    /// The bytes of the file.
    public var file: Data
    /// (examples, inputs), row-major.
    public var inputs: [Double]

    /// Puts both together.
    public init(file: Data, inputs: [Double]) {
      self.file = file
      self.inputs = inputs
    }
  }

  /// What it gives for the inputs of a graph.
  public struct Answer: Decodable {
    /// Why it gives nothing, or what `onnx.checker` has against the graph; `nil` if all is well.
    public let error: String?
    /// The shape with the examples.
    public let shape: [Int]
    /// (examples, outputs), row-major; those that are not finite are `nil`.
    public let outputs: [Double?]
  }

  private static let script = """
    import json, math, pathlib, sys
    import numpy, onnx, onnxruntime
    folder = pathlib.Path(sys.argv[1])
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    answers = []
    for number in range(int(sys.argv[2])):
        answer = {"shape": [], "outputs": []}
        try:
            path = str(folder / f"{number}.onnx")
            onnx.checker.check_model(path, full_check=True)
            session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
            graph_input = session.get_inputs()[0]
            array = numpy.array(json.loads((folder / f"{number}.json").read_text()), numpy.float32)
            found = session.run(None, {graph_input.name: array.reshape([-1] + graph_input.shape[1:])})[0]
            answer["shape"] = list(found.shape)
            answer["outputs"] = [float(x) if math.isfinite(x) else None for x in found.ravel()]
        except Exception as error:
            answer["error"] = str(error)[:500]
        answers.append(answer)
    json.dump(answers, sys.stdout)
    """

  /// Checks and runs graphs of one input and one output, each for its inputs.
  ///
  /// - Parameter graphs: The graphs.
  /// - Returns: An answer for each.
  /// - Throws: If Python fails.
  public static func answers(to graphs: [Graph]) throws -> [Answer] {
    var answers: [Answer] = []
    try withTemporaryFolder { folder in
      for (number, graph) in graphs.enumerated() {
        try graph.file.write(to: URL(filePath: "\(folder)/\(number).onnx"))
        try JSONEncoder().encode(graph.inputs).write(to: URL(filePath: "\(folder)/\(number).json"))
      }
      let output = try run(["-c", script, folder, "\(graphs.count)"])
      answers = try JSONDecoder().decode([Answer].self, from: output)
    }
    return answers
  }
}
