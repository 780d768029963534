import BBBPosterior
import BBBTensors
import Foundation
import TestSupport
import Testing

@testable import BBBPruning

/// Dense exports of real checkpoints, beside what PyTorch and NumPy list of the same files.
@Suite(.enabled(if: SharedFolder.isThere, Comment(rawValue: SharedFolder.remedy)))
struct DenseCheckpointTests {
  /// A tensor as another reader lists it.
  private struct Entry: Decodable, Equatable {
    /// `nil` for what is no tensor, such as the number of an epoch.
    var shape: [Int]?
    var dtype: String?
  }

  private struct Reference: Decodable {
    var keys: [String: Entry]
  }

  static let checkpoints = SharedFolder.checkpoints.filter { !$0.contains("wholemodel") }

  private func export(_ checkpoint: String, keepsUncertainty: Bool) throws -> DenseExport {
    let file = try TensorFile(contentsOf: SharedFolder.checkpoint(checkpoint))
    let posterior = try Posterior(file)
    let pruning = try Ranking(posterior, by: .signalToNoiseRatio).pruning(atSparsity: 0.9)
    return try DenseExport(posterior, from: file, pruning, keepsUncertainty: keepsUncertainty)
  }

  /// The tensors of the network's own dictionary, under the names they have there.
  private func dictionary(of checkpoint: String) throws -> [String: Entry] {
    let data = try Data(
      contentsOf: URL(filePath: SharedFolder.checkpoint(checkpoint + ".reference.json")))
    let keys = try JSONDecoder().decode(Reference.self, from: data).keys
      .filter { $0.value.shape != nil }
    let folder = ["model/", "state_dict/"].first { folder in
      keys.keys.contains { $0.hasPrefix(folder) }
    }
    guard let folder else { return keys }
    return Dictionary(
      uniqueKeysWithValues: keys.filter { $0.key.hasPrefix(folder) }
        .map { (String($0.dropFirst(folder.count)), $1) })
  }

  @Test(arguments: checkpoints)
  func `names, shapes and types are those of the network's own dictionary`(
    checkpoint: String
  ) throws {
    let types = ["F32": "float32", "F64": "float64", "I64": "int64"]
    let tensors = try export(checkpoint, keepsUncertainty: true).tensors
    let written = Dictionary(
      uniqueKeysWithValues: tensors.map {
        ($0.name, Entry(shape: $0.shape, dtype: types["\($0.elementType)"] ?? "\($0.elementType)"))
      })
    // IVON's dictionary has no place for σ, which was asked for.
    let isModelOnly = checkpoint.hasPrefix("ivon")
    #expect(
      try written.filter { !(isModelOnly && $0.key.hasSuffix(".sigma")) }
        == dictionary(of: checkpoint))
  }

  @Test(arguments: checkpoints)
  func `without σ the file is as large as the dense network`(checkpoint: String) throws {
    let tensors = try export(checkpoint, keepsUncertainty: false).tensors
    let posterior = try Posterior(
      try TensorFile(contentsOf: SharedFolder.checkpoint(checkpoint)))
    let parameters = posterior.parameters.reduce(0) {
      $0 + $1.weight.count + ($1.bias?.count ?? 0)
    }
    #expect(tensors.reduce(0) { $0 + $1.count } == parameters)
    let size = try SafetensorsEncoder.encode(tensors).count
    // The header names each tensor.
    #expect(size <= 4 * parameters + 8 + 128 * tensors.count)
    // Zeros are deflated.
    #expect(try NPZEncoder.encode(tensors).count < size / 2)
  }
}
