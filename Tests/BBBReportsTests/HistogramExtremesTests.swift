import BBBEvaluation
import BBBPosterior
import BBBPruning
import BBBReports
import BBBTensors
import EvaluationSamples
import Testing

/// Histograms of weights that are as large and as small as numbers get, or not there at all, as text and as JSON.
struct HistogramExtremesTests {
  @Test func `if every weight was removed the text says that none is left`() throws {
    let histogram = try WeightHistogram(try posterior([0, 0], [0, 0]))
    #expect(WeightText.render(histogram).hasSuffix(": none is left\n"))
  }

  @Test(arguments: [.leastNonzeroMagnitude, 1e-20, 1, 1e20, 3e38] as [Float])
  func `JSON holds one weight of any size`(mean: Float) throws {
    let histogram = try WeightHistogram(
      try posterior([mean], [max(mean / 4, .leastNonzeroMagnitude)]))
    #expect(try JSONText.encode(histogram).contains("\"edges\""))
  }

  @Test func `JSON holds ratios as large and as small as numbers get`() throws {
    let largest = Float.greatestFiniteMagnitude
    let smallest = Float.leastNonzeroMagnitude
    let posterior = try posterior([largest, smallest, 1], [smallest, largest, 1])
    let histogram = try SignalToNoiseHistogram(try Ranking(posterior, by: .signalToNoiseRatio))
    #expect(try JSONText.encode(histogram).contains("\"edges_db\""))
  }

  @Test(arguments: [.leastNonzeroMagnitude, 1e-300, 1e300, 1.7e308])
  func `double-precision extremes neither trap nor give what JSON cannot hold`(
    size: Double
  ) throws {
    let tensors = [
      Tensor(name: "w", shape: [1, 2], doubles: [size, -size]),
      Tensor(name: "w.sigma", shape: [1, 2], doubles: [size, size]),
    ]
    let histogram = try WeightHistogram(
      Posterior(TensorFile(path: "extreme.safetensors", format: .safetensors, tensors: tensors)))
    #expect(try JSONText.encode(histogram).contains("\"edges\""))
    #expect(WeightText.render(histogram).contains("outside: "))
  }
}
