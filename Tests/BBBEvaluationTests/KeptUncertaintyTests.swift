import BBBDatasets
import BBBEvaluation
import BBBInference
import BBBPosterior
import BBBPruning
import BBBTensors
import TestSupport
import Testing

/// Whether a real network's uncertainty survives pruning and one-pass prediction, on the first 1000 images of
/// MNIST.
@Suite(.enabled(if: SharedFolder.isThere, "\(SharedFolder.remedy)"))
struct KeptUncertaintyTests {
  private let posterior: Posterior
  private let network: DenseNetwork
  private let images: Dataset

  init() throws {
    posterior = try Posterior(
      TensorFile(contentsOf: SharedFolder.checkpoint("bbb_mix400.safetensors")))
    network = try DenseNetwork(posterior)
    let all = try Dataset.mnist(
      .test, locator: DatasetLocator(explicitFolder: SharedFolder.data))
    guard case .bytes(let bytes) = all.inputs else { throw SkippedData() }
    images = try Dataset(
      name: "mnist", inputs: .bytes(Array(bytes.prefix(1000 * 784))), exampleShape: [28, 28],
      labels: Array(all.labels.prefix(1000)))
  }

  private struct SkippedData: Error {}

  private func pruning(_ sparsity: Double) throws -> Pruning {
    try Ranking(posterior, by: .signalToNoiseRatio).pruning(atSparsity: sparsity)
  }

  @Test func `at 95 % the likelihood is kept within 2 %, for at most 60 % more bytes`() throws {
    let sampleCount = 100
    let unpruned = try network.pruned(by: try pruning(0)).evaluation(
      on: images, sampleCount: sampleCount, seed: 0, threadCount: 2)
    let pruned = try pruning(0.95)
    let storage = ValueStorage.floats(.float32)
    let kept = try ModelExporter(network).export(pruned, as: storage, keepsUncertainty: true)
    let meansOnly = try ModelExporter(network).export(pruned, as: storage)
    let compact = try kept.model.evaluation(
      on: images, sampleCount: sampleCount, seed: 0, threadCount: 2)
    let likelihoods = try (
      #require(compact.result.negativeLogLikelihood),
      #require(unpruned.result.negativeLogLikelihood)
    )
    #expect(abs(likelihoods.0 / likelihoods.1 - 1) < 0.02, "\(likelihoods)")
    #expect(Double(kept.file.count) <= 1.6 * Double(meansOnly.file.count))
  }

  @Test func `one pass predicts what many draws do`() throws {
    guard case .bytes(let bytes) = images.inputs else { throw SkippedData() }
    let inputs = Array(bytes.prefix(200 * 784))
    let model = network.pruned(by: try pruning(0.95)).compacted()
    let onePass = try model.predictiveDistribution(for: inputs, by: .momentPropagation)
    let draws = try model.predictiveDistribution(
      for: inputs, by: .monteCarlo(sampleCount: 1000, seed: 0), threadCount: 2)
    let distances = zip(onePass.probabilities, draws.probabilities).map { abs($0 - $1) }
    let meanLargest = stride(from: 0, to: distances.count, by: 10).reduce(Float(0)) { sum, start in
      sum + (distances[start..<start + 10].max() ?? .nan)
    }
    #expect(meanLargest / 200 < 0.02)
  }
}
