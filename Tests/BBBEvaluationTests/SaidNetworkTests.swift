import BBBDatasets
import BBBInference
import BBBNetwork
import BBBPosterior
import BBBPruning
import BBBTensors
import TestSupport
import Testing

@testable import BBBEvaluation

/// Networks that are right only once their activation or their inputs' scaling is said; the errors are those of
/// the forward passes of the libraries that trained them.
@Suite(.enabled(if: SharedFolder.isThere, Comment(rawValue: SharedFolder.remedy)))
struct SaidNetworkTests {
  private func errors(
    _ name: String, on dataset: Dataset, _ options: PosteriorOptions
  ) throws -> Int {
    let posterior = try Posterior(
      try TensorFile(contentsOf: "\(try #require(SharedFolder.path))/cases/\(name)"),
      options: options)
    let unpruned = try Ranking(posterior, by: .magnitude).pruning(atSparsity: 0)
    // By way of the file, which has to keep what was said.
    let file = try DenseNetwork(posterior, readsDeviations: false).compacted(by: unpruned).encoded()
    let result = try CompactModel(bytes: file).evaluated(on: dataset, threadCount: 2)
    return try #require(result.classes).errors
  }

  @Test func `a tanh network runs as one`() throws {
    let arrays = try TensorFile(
      contentsOf: "\(try #require(SharedFolder.path))/cases/tanh-network-data.npz")
    let inputs = try #require(arrays["x_test"]).floats()
    let labels = try #require(arrays["y_test"]).bytes().map(Int.init)
    let dataset = try Dataset(
      name: "tanh", inputs: .floats(inputs), exampleShape: [10], labels: labels)
    #expect(
      try errors("tanh-network-run-as-relu.pth", on: dataset, PosteriorOptions(activation: .tanh))
        == 51)
  }

  @Test func `a network of normalised pixels is given them`() throws {
    let images = try Dataset.mnist(
      .test, locator: DatasetLocator(explicitFolder: SharedFolder.data))
    let errors = try errors(
      "mnist-trained-on-normalize-0.1307-0.3081.pth", on: images,
      PosteriorOptions(inputMeans: [0.1307], inputDeviations: [0.3081]))
    #expect(abs(errors - 625) <= 2)
  }
}
