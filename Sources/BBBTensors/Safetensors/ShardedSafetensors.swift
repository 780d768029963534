import BBBErrors

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The shards of a checkpoint as one: every tensor that the index lists, each from the file it names.
///
/// An index and shards that disagree come from different saves. Hugging Face's loaders take every tensor
/// of every shard, whatever the index says, and of two with one name the last; what that is depends on
/// the order of a set. Here it is an error.
struct ShardedSafetensors {
  /// The tensors, in the order of a single file that holds them all.
  let tensors: [Tensor]
  /// What index and shards say in their metadata, without what they contradict each other in.
  let metadata: [String: String]
  /// What was left out, one sentence each.
  let warnings: [String]
  /// The bytes of all shards; the index is not counted.
  let byteCount: Int

  /// Reads the headers of all shards.
  ///
  /// - Parameters:
  ///   - index: The index.
  ///   - open: Gives the bytes of the file at a path.
  /// - Throws: ``TensorFileError`` if a shard is missing or damaged, or disagrees with the index.
  init(
    _ index: SafetensorsIndex, open: (String) throws(TensorFileError) -> Data
  ) throws(TensorFileError) {
    var tensors: [Tensor] = []
    var metadata = MergedMetadata(index.metadata)
    var byteCount = 0
    for shard in index.shards {
      let path = index.path(of: shard)
      let data = try Self.data(of: shard, index, open)
      let (found, itsMetadata) = try SafetensorsReader.read(data, path: path)
      for tensor in found { try Self.check(tensor, of: shard, index) }
      tensors += found
      metadata.merge(itsMetadata)
      byteCount += data.count
    }
    try Self.checkCompleteness(tensors, index)
    self.tensors = SafetensorsOrder.sorted(tensors)
    self.metadata = metadata.values
    warnings = metadata.warnings
    self.byteCount = byteCount
  }

  private static func data(
    of shard: String, _ index: SafetensorsIndex,
    _ open: (String) throws(TensorFileError) -> Data
  ) throws(TensorFileError) -> Data {
    let path = index.path(of: shard)
    let data: Data
    do throws(TensorFileError) {
      data = try open(path)
    } catch {
      guard error.code == .inaccessible else { throw error }
      let isThere = FileManager.default.fileExists(atPath: path)
      throw TensorFileError(
        .inaccessible, path: index.path,
        "the shard \"\(shard)\" "
          + (isThere
            ? error.message : "is missing; copy or download it into the folder of the index"))
    }
    guard case .safetensors = try FileSignature(data, path: path) else {
      throw TensorFileError(
        .unsupported, path: path,
        "is named as a shard by the index \(index.path) but is not safetensors; save the checkpoint as "
          + "safetensors")
    }
    return data
  }

  /// Checks that the index says of a shard's tensor that it is there.
  private static func check(
    _ tensor: Tensor, of shard: String, _ index: SafetensorsIndex
  ) throws(TensorFileError) {
    guard let place = index.shardsByTensor[tensor.name] else {
      throw disagreement(
        index, path: tensor.path, "holds tensor \"\(tensor.name)\", which the index does not list")
    }
    guard place == shard else {
      throw disagreement(
        index, path: tensor.path,
        "holds tensor \"\(tensor.name)\", which by the index is in \"\(place)\"")
    }
  }

  /// Checks that every tensor was found; those that were are listed, each once.
  private static func checkCompleteness(
    _ tensors: [Tensor], _ index: SafetensorsIndex
  ) throws(TensorFileError) {
    guard tensors.count < index.shardsByTensor.count else { return }
    let found = Set(tensors.map(\.name))
    let missing = index.shardsByTensor.filter { !found.contains($0.key) }
      .min { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    guard let missing else { return }
    throw disagreement(
      index, path: index.path(of: missing.value),
      "lacks tensor \"\(missing.key)\", which by the index is here")
  }

  private static func disagreement(
    _ index: SafetensorsIndex, path: String, _ what: String
  ) -> TensorFileError {
    TensorFileError(
      .malformed, path: path,
      what
        + " (\(index.path)); index and shards come from different saves, save the checkpoint again")
  }
}

/// Metadata of several files that describe the same thing.
private struct MergedMetadata {
  private(set) var values: [String: String]
  private var contradicted: Set<String> = []

  init(_ values: [String: String]) {
    self.values = values
  }

  /// Adds what another file says; a key of two values says nothing, and keeps none.
  mutating func merge(_ others: [String: String]) {
    for (key, value) in others where !contradicted.contains(key) {
      guard let known = values.updateValue(value, forKey: key), known != value else { continue }
      values[key] = nil
      contradicted.insert(key)
    }
  }

  var warnings: [String] {
    guard !contradicted.isEmpty else { return [] }
    let keys = contradicted.sorted().map { "\"\($0)\"" }.joined(separator: ", ")
    return ["the shards' metadata contradict each other, and are not used, in \(keys)".asMessage]
  }
}
