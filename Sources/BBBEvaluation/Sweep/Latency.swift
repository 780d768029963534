import BBBDatasets
import BBBInference

/// How long a model takes for a prediction by its means, on one thread of this machine.
///
/// It is the thread's processor time: what else the machine does meanwhile is not counted.
public struct Latency: Equatable, Sendable {
  /// The median time for one example by itself, in microseconds.
  public var singleMicroseconds: Double
  /// The median time for each of a batch of up to 1000 examples, in microseconds.
  public var batchMicroseconds: Double

  /// Creates a latency from numbers measured before.
  ///
  /// - Parameters:
  ///   - singleMicroseconds: The time for one example by itself.
  ///   - batchMicroseconds: The time for each example of a batch.
  public init(singleMicroseconds: Double, batchMicroseconds: Double) {
    self.singleMicroseconds = singleMicroseconds
    self.batchMicroseconds = batchMicroseconds
  }

  /// Runs a model on examples of a dataset, for some hundredths of a second.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - dataset: Examples of the model's input size.
  /// - Throws: `DatasetError` if the examples have another size.
  public init(of model: CompactModel, on dataset: Dataset) throws {
    try self.init(of: model, on: dataset, clock: threadMicroseconds)
  }

  /// Runs a model on examples of a dataset.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - dataset: Examples of the model's input size.
  ///   - clock: The time now, in microseconds; read before and after each run.
  /// - Throws: `DatasetError` if the examples have another size.
  init(of model: CompactModel, on dataset: Dataset, clock: () -> Double) throws {
    try dataset.checkInputs(inputCount: model.inputCount)
    switch dataset.inputs {
    case .bytes(let bytes): try self.init(of: model, on: bytes, clock)
    case .floats(let floats): try self.init(of: model, on: floats, clock)
    }
  }

  private init<Input: NetworkInput>(
    of model: CompactModel, on inputs: [Input], _ clock: () -> Double
  ) throws(CompactModelError) {
    let exampleCount = min(inputs.count / model.inputCount, 1000)
    var workspace = Workspace(for: model)
    func medianMicroseconds(
      examples: Int, of total: Int, repeats: Int
    ) throws(CompactModelError) -> Double {
      var outputs = [Float](repeating: 0, count: examples * model.outputCount)
      var results = outputs.mutableSpan
      var times: [Double] = []
      // The first run makes the form that the weights run in.
      for number in 0...repeats {
        let first = number * examples % (total - examples + 1)
        let rows = first * model.inputCount..<(first + examples) * model.inputCount
        let start = clock()
        try model.computeOutputs(
          for: inputs.span.extracting(rows), into: &results, workspace: &workspace)
        times.append(clock() - start)
      }
      return times.dropFirst().sorted()[repeats / 2] / Double(examples)
    }
    singleMicroseconds = try medianMicroseconds(examples: 1, of: exampleCount, repeats: 401)
    batchMicroseconds = try medianMicroseconds(examples: exampleCount, of: exampleCount, repeats: 7)
  }
}
