import BBBDatasets
import BBBInference
import BBBNetwork
import BBBPosterior
import BBBPruning
import BBBTensors
import TestSupport
import Testing

@testable import BBBEvaluation

/// Posteriors of LeNet-5 that public libraries trained, with references computed by PyTorch from the same files.
@Suite(
  "LeNet-5 of public libraries",
  .enabled(if: SharedFolder.isThere, Comment(rawValue: SharedFolder.remedy)))
struct ConvolutionalReferenceTests {
  /// As the files' references describe it in words.
  private static let lenet5 = """
    input 1 28 28
    conv1 = convolution 20 5x5; max-pool 2x2
    conv2 = convolution 50 5x5; max-pool 2x2
    flatten; fc1 = linear 500; relu; fc2 = linear 10
    """

  private func posterior(_ name: String) throws -> Posterior {
    try Posterior(
      try TensorFile(contentsOf: SharedFolder.graph(name)),
      options: PosteriorOptions(inputScale: 1.0 / 255, network: try Network(text: Self.lenet5)))
  }

  @Test(
    "masks equal the reference, and so do test errors within 2 of 10,000",
    arguments: ["bayesian_torch_lenet5.pth", "ivon_lenet5.pt"])
  func masksAndErrors(checkpoint: String) throws {
    let reference = try GraphReference(of: String(checkpoint.split(separator: ".")[0]))
    let posterior = try posterior(checkpoint)
    let ranking = try Ranking(posterior, by: .signalToNoiseRatio)
    let network = try DenseNetwork(posterior, readsDeviations: false)
    let images = try Dataset.mnist(
      .test, locator: DatasetLocator(explicitFolder: SharedFolder.data))
    #expect(reference.table.count == 7)
    for row in reference.table {
      let pruning = try ranking.pruning(atSparsity: row.sparsity)
      #expect(pruning.removedCount == row.removed)
      #expect(pruning.keeps.packedSHA256 == row.maskSHA256, "at sparsity \(row.sparsity)")
      let model = try CompactModel(bytes: network.compacted(by: pruning).encoded())
      let result = try #require(model.evaluated(on: images, threadCount: 2).classes)
      #expect(
        abs(result.errors - (row.errors ?? 0)) <= 2, "\(result.errors) at sparsity \(row.sparsity)")
    }
  }

  @Test(
    "outputs are those of PyTorch, before and after pruning",
    arguments: ["bayesian_torch_lenet5.pth", "ivon_lenet5.pt"])
  func outputs(checkpoint: String) throws {
    let stem = checkpoint.split(separator: ".")[0]
    let arrays = try TensorFile(contentsOf: SharedFolder.graph("\(stem).outputs.npz"))
    let inputs = try #require(arrays["input"]).floats()
    let posterior = try posterior(checkpoint)
    let network = try DenseNetwork(posterior, readsDeviations: false)
    for (sparsity, name) in [(0.0, "output_0"), (0.9, "output_0.9")] {
      let pruning = try Ranking(posterior, by: .signalToNoiseRatio)
        .pruning(atSparsity: sparsity)
      let expected = try #require(arrays[name]).floats()
      let found = try network.compacted(by: pruning).predictOutputs(for: inputs)
      #expect(found.count == expected.count)
      for (one, other) in zip(found, expected) { #expect(abs(one - other) < 1e-4) }
    }
  }

  @Test("one image at a time gives the outputs of the batch bit for bit")
  func singleImages() throws {
    let arrays = try TensorFile(contentsOf: SharedFolder.graph("ivon_lenet5.outputs.npz"))
    let inputs = try #require(arrays["input"]).floats()
    let posterior = try posterior("ivon_lenet5.pt")
    let network = try DenseNetwork(posterior, readsDeviations: false)
    for sparsity in [0.0, 0.9] {
      let model = network.compacted(
        by: try Ranking(posterior, by: .signalToNoiseRatio).pruning(atSparsity: sparsity))
      let batch = try model.predictOutputs(for: inputs)
      for example in 0..<16 {
        let one = try model.predictOutputs(
          for: Array(inputs[example * 784..<(example + 1) * 784]))
        #expect(one == Array(batch[example * 10..<(example + 1) * 10]), "example \(example)")
      }
    }
  }
}
