import BBBDatasets
import BBBInference

/// How long a model takes for a prediction by its means, on one thread of this machine.
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
  public init(of model: CompactModel, on dataset: Dataset) {
    switch dataset.inputs {
    case .bytes(let bytes): self.init(of: model, on: bytes)
    case .floats(let floats): self.init(of: model, on: floats)
    }
  }

  private init<Input: NetworkInput>(of model: CompactModel, on inputs: [Input]) {
    let exampleCount = min(inputs.count / model.inputCount, 1000)
    var workspace = Workspace(for: model)
    func medianMicroseconds(examples: Int, of total: Int, repeats: Int) -> Double {
      var outputs = [Float](repeating: 0, count: examples * model.outputCount)
      var results = outputs.mutableSpan
      var times: [Duration] = []
      // The first run makes the form that the weights run in.
      for number in 0...repeats {
        let first = number * examples % (total - examples + 1)
        let rows = first * model.inputCount..<(first + examples) * model.inputCount
        let time = ContinuousClock().measure {
          model.computeOutputs(
            for: inputs.span.extracting(rows), into: &results, workspace: &workspace)
        }
        times.append(time)
      }
      return times.dropFirst().sorted()[repeats / 2] / .microseconds(1) / Double(examples)
    }
    singleMicroseconds = medianMicroseconds(examples: 1, of: exampleCount, repeats: 401)
    batchMicroseconds = medianMicroseconds(examples: exampleCount, of: exampleCount, repeats: 7)
  }
}
