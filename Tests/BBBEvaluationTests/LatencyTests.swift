import BBBDatasets
import BBBInference
import BBBPruning
import EvaluationSamples
import Testing

@testable import BBBEvaluation

/// The time that predictions take, by a clock that the test turns.
struct LatencyTests {
  private func model() throws -> CompactModel {
    let posterior = try randomPosterior(sizes: [6, 40, 3], seed: 4)
    return try ModelExporter(DenseNetwork(posterior)).export(
      Ranking(posterior, by: .signalToNoiseRatio).pruning(atSparsity: 0), as: .floats(.float32)
    ).model
  }

  private func dataset(count: Int) throws -> Dataset {
    try Dataset(
      name: "same", inputs: .bytes(.init(repeating: 7, count: 6 * count)), exampleShape: [6],
      labels: .init(repeating: 0, count: count))
  }

  @Test(arguments: [1, 8, 1000])
  func `a run's time is that of its examples together`(count: Int) throws {
    var now = 0.0
    let latency = try Latency(of: try model(), on: try dataset(count: count)) {
      now += 500
      return now
    }
    #expect(latency.singleMicroseconds == 500)
    #expect(latency.batchMicroseconds == 500 / Double(count))
  }

  @Test func `a batch has at most 1000 examples`() throws {
    var now = 0.0
    let latency = try Latency(of: try model(), on: try dataset(count: 1500)) {
      now += 500
      return now
    }
    #expect(latency.batchMicroseconds == 0.5)
  }

  @Test func `a thread's time goes on while it works`() throws {
    let start = threadMicroseconds()
    let latency = try Latency(of: try model(), on: try dataset(count: 100))
    #expect(threadMicroseconds() > start)
    #expect(latency.singleMicroseconds > 0 && latency.batchMicroseconds > 0)
  }

  @Test func `examples of another size are refused`() throws {
    let narrow = try Dataset(
      name: "narrow", inputs: .bytes([1, 2]), exampleShape: [2], labels: [0])
    #expect(throws: DatasetError.self) { try Latency(of: model(), on: narrow) }
  }
}
