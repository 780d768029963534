import BBBDatasets
import BBBInference
import BBBNetwork
import BBBPosterior
import BBBPruning
import BBBTensors
import Foundation
import NetworkReference
import TestSupport
import Testing

@testable import BBBEvaluation

/// Real checkpoints of public libraries, with references computed by NumPy from the same files.
@Suite(.enabled(if: SharedFolder.isThere, Comment(rawValue: SharedFolder.remedy)))
struct ReferenceCheckpointTests {
  @Test(arguments: SharedFolder.checkpoints.filter { !$0.contains("wholemodel") })
  func `masks equal the reference, and so do test errors within 2 of 10,000`(
    checkpoint: String
  ) throws {
    let reference = try Reference(of: checkpoint)
    let posterior = try Posterior(
      try TensorFile(contentsOf: SharedFolder.checkpoint(checkpoint)),
      options: PosteriorOptions(
        inputScale: reference.inputScale,
        network: reference.hasConvolutions ? try Network(text: reference.networkText) : nil))
    let ranking = try Ranking(posterior, by: .signalToNoiseRatio)
    #expect(ranking.count == reference.prunableWeights)
    #expect(reference.table.count == 7)
    let network = try DenseNetwork(posterior, readsDeviations: false)
    let images = try Dataset.mnist(
      .test, locator: DatasetLocator(explicitFolder: SharedFolder.data))
    for row in reference.table {
      let pruning = try ranking.pruning(atSparsity: row.sparsity)
      #expect(pruning.removedCount == row.removed)
      #expect(
        pruning.keeps.packedSHA256 == row.maskSHA256, "at sparsity \(row.sparsity)")
      let keptPerLayer = pruning.segments.map { pruning.keeps[$0.positions].count(where: \.self) }
      #expect(keptPerLayer == row.keptPerLayer)
      if let threshold = row.threshold {
        #expect(abs(try #require(pruning.threshold) / threshold - 1) < 1e-12)
      }
      let model = try CompactModel(bytes: network.compacted(by: pruning).encoded())
      let result = try #require(
        model.evaluated(on: images, threadCount: 2).classes)
      #expect(abs(result.errors - row.errors) <= 2, "at sparsity \(row.sparsity)")
    }
  }

  @Test func `the references are there`() {
    #expect(SharedFolder.checkpoints.count >= 12)
  }

  @Test func `the whole pickled module is refused with the way to save a state_dict`() {
    let path = SharedFolder.checkpoint("bayesian_torch_flipout_wholemodel.pth")
    let error = #expect(throws: TensorFileError.self) { try TensorFile(contentsOf: path) }
    #expect(error?.description.contains("torch.save(model.state_dict()") == true)
  }

  @Test func `a loaded file computes what the masked dense network does`() throws {
    let posterior = try Posterior(
      try TensorFile(contentsOf: SharedFolder.checkpoint("bbb_mix1200.safetensors")))
    let pruning = try Ranking(posterior, by: .signalToNoiseRatio).pruning(atSparsity: 0.95)
    let file = try DenseNetwork(posterior, readsDeviations: false).compacted(by: pruning).encoded()
    let model = try CompactModel(bytes: file)
    let images = try Dataset.mnist(
      .test, locator: DatasetLocator(explicitFolder: SharedFolder.data))
    guard case .bytes(let pixels) = images.inputs else {
      Issue.record("images that are no bytes")
      return
    }
    let outputs = try model.predictOutputs(for: Array(pixels.prefix(20 * 784)))
    let masked = ReferenceNetwork(
      .multilayerPerceptron([784, 1200, 1200, 10], activation: .relu),
      try posterior.parameters.enumerated().map { index, layer in
        let mask = try #require(pruning.mask(ofParameter: index))
        return ReferenceNetwork.Weights(
          weights: try zip(layer.weight.means(), mask).map { $1 ? $0 : 0 },
          biases: try #require(layer.bias).means())
      })
    for image in 0..<20 {
      let input = pixels[(image * 784)..<((image + 1) * 784)].map { Double($0) / 126 }
      let values = masked.output(for: input)
      for (output, expected) in values.enumerated() {
        #expect(abs(Double(outputs[image * 10 + output]) - expected) < 1e-4)
      }
    }
  }

  @Test func `the files of the paper-size network are as small as they should be`() throws {
    let posterior = try Posterior(
      try TensorFile(contentsOf: SharedFolder.checkpoint("bbb_mix1200.safetensors")))
    let network = try DenseNetwork(posterior, readsDeviations: false)
    let ranking = try Ranking(posterior, by: .signalToNoiseRatio)
    let at95 = try network.compacted(by: ranking.pruning(atSparsity: 0.95))
    #expect(try at95.encoded(valuesAs: .float32).count <= 490_000)
    let at98 = try network.compacted(by: ranking.pruning(atSparsity: 0.98))
    #expect(try at98.encoded(valuesAs: .float16).count <= 135_000)
  }

  /// Precisions were chosen without looking at test images; bytes and errors are upper bounds.
  @Test(
    arguments: [
      ("bbb_mix1200.safetensors", 0.95, 0.015, 34_000, 179),
      ("bbb_mix1200.safetensors", 0.98, 0.015, 31_000, 179),
      ("bbb_mix1200.safetensors", 0.99, 0.03, 26_000, 180),
      ("bbb_mix400.safetensors", 0.95, 0.015, 18_000, 188),
      ("bbb_mix400.safetensors", 0.98, 0.036, 11_000, 205),
    ])
  func `quantised files are small and err no more than their precision allows`(
    checkpoint: String, sparsity: Double, natsPerWeight: Double, bytes: Int, errors: Int
  ) throws {
    let posterior = try Posterior(
      try TensorFile(contentsOf: SharedFolder.checkpoint(checkpoint)))
    let precision = try #require(Precision(natsPerWeight: natsPerWeight))
    let export = try ModelExporter(DenseNetwork(posterior)).export(
      try Ranking(posterior, by: .signalToNoiseRatio).pruning(atSparsity: sparsity),
      as: .quantised(precision))
    #expect(export.file.count <= bytes)
    let images = try Dataset.mnist(
      .test, locator: DatasetLocator(explicitFolder: SharedFolder.data))
    #expect(try #require(export.model.evaluated(on: images).classes).errors <= errors)
    let summary = try CompactModelSummary(bytes: export.file)
    let entropy = summary.layers.reduce(0) { $0 + $1.entropy.total } / 8
    #expect(Double(export.file.count) < 1.1 * entropy)
  }

  @Test func `histograms equal those that NumPy computes`() throws {
    let posterior = try Posterior(
      try TensorFile(contentsOf: SharedFolder.checkpoint("bbb_mix1200.safetensors")))
    let ratios = try SignalToNoiseHistogram(try Ranking(posterior, by: .signalToNoiseRatio))
    // numpy.histogram(20 * log10(abs(mu) / sigma), arange(-50, 21, 5)), and what lies outside.
    #expect(ratios.edges == (-50...20).map(Double.init))
    #expect(
      ratios.bins.rowSums(ratios.counts) == [
        149048, 258567, 427499, 605120, 540915, 152308, 15623, 13742, 10095, 6453, 7580, 9504,
        2627, 547,
      ])
    #expect(ratios.belowCount == 193126 && ratios.aboveCount == 46)
    // The numbers of rank round(0.75 N) and round(0.95 N) after sort.
    let cutoffs = ratios.cutoffs.compactMap(\.decibels)
    #expect(
      zip(cutoffs, [-28.728418920934956, -23.14336907633928]).allSatisfy { abs($0 - $1) < 1e-9 })

    let weights = try WeightHistogram(posterior, threadCount: 2)
    try #require(weights.edges.count == 56)
    #expect(weights.edges[0] == -0.275 && weights.edges[55] == 0.275)
    // numpy.histogram(mu, …)[25:30], and the mean of scipy.special.ndtr((edges - mu) / sigma).
    let means = [4130, 9675, 2_331_316, 9774, 4418].map { Double($0) / 2_392_800 }
    let draws = [
      0.0022232269092820472, 0.02679193227086087, 0.9167436983950625, 0.026805596749527427,
      0.0022430848821861638,
    ]
    #expect(zip(weights.means.shares[25...], means).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(zip(weights.draws.shares[25...], draws).allSatisfy { abs($0 - $1) < 1e-8 })
    #expect(abs(weights.means.below * 2_392_800 - 2419) < 1e-6)
    #expect(abs(weights.means.above * 2_392_800 - 2323) < 1e-6)
    #expect(abs(weights.draws.below - 0.0012311232527046471) < 1e-8)
    #expect(abs(weights.draws.above - 0.0013108526802341203) < 1e-8)
  }
}

/// What a `FILE.reference.json` says.
private struct Reference: Decodable {
  struct Row: Decodable {
    var sparsity: Double
    var removed: Int
    var threshold: Double?
    var errors: Int
    var keptPerLayer: [Int]
    var maskSHA256: String

    enum CodingKeys: String, CodingKey {
      case sparsity, threshold
      case removed = "k_removed"
      case errors = "test_errors"
      case keptPerLayer = "kept_per_layer"
      case maskSHA256 = "keep_mask_sha256"
    }
  }

  struct Operation: Decodable {
    var op: String
    var weight: String
    var shape: [Int]
    var padding: Int?
    var before: [String]
    var after: [String]

    enum CodingKeys: String, CodingKey {
      case op, weight, padding, before, after
      case shape = "weight_shape"
    }

    /// The operation in the words of a network's text, with what stands around it.
    var lines: [String] {
      let words = [
        "relu": "relu", "maxpool2": "max-pool 2x2", "flatten": "flatten", "reshape_1x28x28": "",
      ]
      let name = weight.split(separator: ".")[0]
      let own =
        op == "linear"
        ? "\(name) = linear \(shape[0])"
        : "\(name) = convolution \(shape[0]) \(shape[2])x\(shape[3]) pad \(padding ?? 0)"
      return before.compactMap { words[$0] } + [own] + after.compactMap { words[$0] }
    }
  }

  var pixelScale: String
  var prunableWeights: Int
  var architecture: [Operation]
  var table: [Row]

  enum CodingKeys: String, CodingKey {
    case pixelScale = "pixel_scale"
    case prunableWeights = "prunable_weights"
    case architecture, table
  }

  init(of checkpoint: String) throws {
    let path = SharedFolder.checkpoint(checkpoint + ".reference.json")
    self = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: URL(filePath: path)))
  }

  /// The network as its operations are listed.
  var networkText: String {
    (["input 1 28 28"] + architecture.flatMap(\.lines)).joined(separator: "\n")
  }

  var hasConvolutions: Bool { architecture.contains { $0.op != "linear" } }

  /// The factor in "float32(pixel)/126 (no mean subtraction)".
  var inputScale: Double? {
    pixelScale.split(separator: "/").last.flatMap { Double($0.prefix { $0.isNumber }) }
      .map { 1 / $0 }
  }
}
