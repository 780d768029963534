import BBBDatasets
import BBBInference
import BBBNetwork
import BBBONNX
import BBBPosterior
import BBBPruning
import BBBTensors
import Foundation
import TestSupport
import Testing

@testable import BBBEvaluation

/// Posteriors that public libraries trained, each bound to every graph that an exporter made of its means, with references
/// computed by PyTorch from the same files.
@Suite(
  "Posteriors and their graphs",
  .enabled(if: SharedFolder.isThere, Comment(rawValue: SharedFolder.remedy)))
struct GraphReferenceTests {
  /// A checkpoint and one of its graphs.
  struct Subject: CustomTestStringConvertible, Sendable {
    var reference: GraphReference
    var graph: String

    var testDescription: String { graph }

    func posterior() throws -> Posterior {
      let scale = reference.inputScale
      return try Posterior(
        try TensorFile(contentsOf: SharedFolder.graph(reference.file)),
        options: PosteriorOptions(
          model: try reference.model.map { try TensorFile(contentsOf: SharedFolder.graph($0)) },
          inputScale: scale.scale ?? 1, inputMeans: scale.mean, inputDeviations: scale.std,
          graph: try ONNXGraph(contentsOf: SharedFolder.graph(graph)).network(),
          output: reference.output))
    }
  }

  static let subjects: [Subject] = SharedFolder.graphNames
    .flatMap { name -> [Subject] in
      guard let reference = try? GraphReference(of: name) else { return [] }
      return reference.onnx.map { Subject(reference: reference, graph: $0.file) }
    }

  /// One graph of each checkpoint.
  static let firstSubjects = Dictionary(grouping: subjects, by: \.reference.file)
    .compactMap(\.value.first).sorted { $0.graph < $1.graph }

  @Test("there are graphs to try")
  func graphsAreThere() { #expect(Self.subjects.count == 24 && Self.firstSubjects.count == 9) }

  @Test("masks equal the reference", arguments: subjects)
  func masks(subject: Subject) throws {
    let posterior = try subject.posterior()
    let ranking = try Ranking(posterior, by: .signalToNoiseRatio)
    for row in subject.reference.table {
      let pruning = try ranking.pruning(atSparsity: row.sparsity)
      #expect(pruning.removedCount == row.removed)
      // The reference lists tensors in another order than the network applies them in.
      let flags = try subject.reference.prunable.flatMap { tensor -> [Bool] in
        let index = try #require(
          posterior.parameters.firstIndex { "\($0.name).weight" == tensor.tensor })
        let count = posterior.parameters[index].weight.count
        return pruning.mask(ofParameter: index).map(Array.init)
          ?? Array(repeating: true, count: count)
      }
      #expect(Mask(flags).packedSHA256 == row.maskSHA256, "at sparsity \(row.sparsity)")
    }
  }

  @Test("outputs are those of PyTorch, before and after pruning", arguments: subjects)
  func outputs(subject: Subject) throws {
    let arrays = try TensorFile(contentsOf: SharedFolder.graph(subject.reference.outputs.file))
    let inputs = try #require(arrays["input"]).floats()
    let posterior = try subject.posterior()
    let network = try DenseNetwork(posterior, readsDeviations: false)
    let ranking = try Ranking(posterior, by: .signalToNoiseRatio)
    for (sparsity, name) in [(0.0, "output_0"), (0.9, "output_0.9")] {
      let expected = try #require(arrays[name]).floats()
      let model = try CompactModel(
        bytes: network.compacted(by: ranking.pruning(atSparsity: sparsity)).encoded())
      var found = try model.predictOutputs(for: inputs)
      if subject.reference.outputsAreProbabilities { found = found.map { 1 / (1 + exp(-$0)) } }
      let range = max((expected.max() ?? 0) - (expected.min() ?? 0), 1e-3)
      #expect(found.count == expected.count)
      let largest = zip(found, expected).map { abs($0 - $1) }.max() ?? .infinity
      #expect(largest < 1e-4 * range, "\(largest) of \(range) at \(sparsity)")
    }
  }

  @Test(
    "test errors are within 2 of 10,000 of the reference", arguments: firstSubjects)
  func errors(subject: Subject) throws {
    let posterior = try subject.posterior()
    let network = try DenseNetwork(posterior, readsDeviations: false)
    let ranking = try Ranking(posterior, by: .signalToNoiseRatio)
    let dataset = try subject.reference.dataset()
    // Those that are neither nearly whole nor dead say most.
    for row in subject.reference.table where [0.5, 0.9].contains(row.sparsity) {
      let model = network.compacted(by: try ranking.pruning(atSparsity: row.sparsity))
      let result = try model.evaluated(on: dataset, threadCount: 2)
      if let errors = row.errors {
        let found = try #require(result.classes).errors
        #expect(abs(found - errors) <= 2, "\(found) instead of \(errors) at \(row.sparsity)")
      } else {
        let rootMeanSquare = try #require(row.rmse)
        let found = try #require(result.numbers).rootMeanSquaredError
        #expect(abs(found - rootMeanSquare) <= 1e-3 * rootMeanSquare, "\(found) at \(row.sparsity)")
      }
    }
  }
}

/// What a graph's `NAME.reference.json` says.
struct GraphReference: Decodable, Sendable {
  struct Row: Decodable {
    var sparsity: Double
    var removed: Int
    var errors: Int?
    var rmse: Double?
    var maskSHA256: String

    enum CodingKeys: String, CodingKey {
      case sparsity
      case removed = "k_removed"
      case errors = "test_errors"
      case rmse
      case maskSHA256 = "keep_mask_sha256"
    }
  }

  struct PrunableTensor: Decodable {
    var tensor: String
  }

  struct Scaling: Decodable {
    var scale: Double?
    var mean: [Double]?
    var std: [Double]?
  }

  struct NamedFile: Decodable {
    var file: String
  }

  var name: String
  var file: String
  var outputs: NamedFile
  var inputScale: Scaling
  var prunable: [PrunableTensor]
  var table: [Row]
  var onnx: [NamedFile]

  enum CodingKeys: String, CodingKey {
    case name
    case file
    case outputs = "outputs_file"
    case inputScale = "input_scale"
    case prunable
    case table
    case onnx
  }

  init(of name: String) throws {
    let path = SharedFolder.graph("\(name).reference.json")
    self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: URL(filePath: path)))
  }

  /// The second file that a checkpoint without names needs.
  var model: String? { name.hasPrefix("laplace") ? "\(name)_map_model.pt" : nil }
  /// What the outputs are, where the graph does not end in it.
  var output: OutputMeaning? {
    name.hasSuffix("_regression") ? .numbers(noiseDeviation: nil) : nil
  }
  /// Whether the stored outputs are behind the sigmoid that the graph ends in.
  var outputsAreProbabilities: Bool { name.hasSuffix("_binary") }

  /// The test examples: beside the checkpoint, or those of its images.
  func dataset() throws -> Dataset {
    let own = SharedFolder.graph("\(name).data.npz")
    if FileManager.default.fileExists(atPath: own) {
      return try Dataset(
        examplesPath: own, split: .test, targets: output == nil ? .classes : .numbers)
    }
    if inputScale.mean != nil {
      return try Dataset(examplesPath: SharedFolder.data + "/cifar10/test.npz", split: .test)
    }
    return try Dataset.mnist(.test, locator: DatasetLocator(explicitFolder: SharedFolder.data))
  }
}
