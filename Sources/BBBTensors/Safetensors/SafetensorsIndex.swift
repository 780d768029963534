#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What the index of a sharded checkpoint says: which of the files beside it holds which tensor.
///
/// Hugging Face's libraries write it as `model.safetensors.index.json`: a JSON object with `weight_map`,
/// from names of tensors to names of files, and `metadata`.
struct SafetensorsIndex {
  /// The most bytes read, as of a safetensors header.
  private static let byteLimit = 100_000_000

  /// The path of the index.
  let path: String
  /// The names of the shards, in the order of their bytes.
  let shards: [String]
  /// The shard of each tensor.
  let shardsByTensor: [String: String]
  /// The strings among the metadata, where `save_torch_state_dict` puts those of the whole checkpoint.
  let metadata: [String: String]

  /// Parses an index, and checks that it names only files that lie beside it.
  init(_ data: Data, path: String) throws(TensorFileError) {
    guard data.count <= Self.byteLimit else {
      throw TensorFileError.damaged(
        path: path,
        "the index has \(data.count) bytes where at most \(Self.byteLimit) are allowed")
    }
    let members = try Self.members(of: data, path: path)
    guard case .object(let weightMap)? = members.first(where: { $0.key == "weight_map" })?.value
    else {
      throw TensorFileError(
        .unknownFormat, path: path,
        "is JSON without a \"weight_map\", so it is not the index of a sharded checkpoint; give the "
          + "checkpoint, or its index, such as model.safetensors.index.json")
    }
    var shardsByTensor: [String: String] = [:]
    shardsByTensor.reserveCapacity(weightMap.count)
    for (tensor, value) in weightMap {
      guard case .string(let shard) = value else {
        throw TensorFileError.damaged(
          path: path, "the weight_map gives tensor \"\(tensor)\" no file name")
      }
      guard Self.isFileName(shard) else {
        throw TensorFileError(
          .unsupported, path: path,
          "the weight_map puts tensor \"\(tensor)\" into \"\(shard)\", which is not the plain name of "
            + "a file beside the index; correct the index, or save the checkpoint again")
      }
      shardsByTensor[tensor] = shard
    }
    self.path = path
    self.shardsByTensor = shardsByTensor
    shards = Set(shardsByTensor.values).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    metadata = Self.metadata(members.first { $0.key == "metadata" }?.value)
  }

  /// The path of a shard: beside the index.
  func path(of shard: String) -> String { path.sibling(named: shard) }

  private static func members(
    of data: Data, path: String
  ) throws(TensorFileError) -> [(key: String, value: StrictJSON)] {
    do throws(StrictJSONParser.Failure) {
      guard case .object(let members) = try StrictJSONParser.parseFile(Array(data)) else {
        throw StrictJSONParser.Failure(reason: "it is not an object", position: 0)
      }
      return members
    } catch {
      throw TensorFileError.damaged(
        path: path, "the index is not valid at byte \(error.position): \(error.reason)")
    }
  }

  /// Whether a name can only mean a file in the folder it is looked up in, on any system.
  private static func isFileName(_ name: String) -> Bool {
    !name.isEmpty && name != "." && name != ".."
      && name.unicodeScalars.allSatisfy {
        $0 != "/" && $0 != "\\" && $0.properties.generalCategory != .control
      }
  }

  /// Counts such as `total_size` are numbers, and tell of the files, not of the network; a few
  /// writers make them strings.
  private static func metadata(_ value: StrictJSON?) -> [String: String] {
    guard case .object(let members) = value else { return [:] }
    var metadata: [String: String] = [:]
    for case (let key, .string(let string)) in members where key != "total_size" {
      metadata[key] = string
    }
    return metadata
  }
}

extension String {
  /// Where the name of the file begins that this is the path of.
  ///
  /// Slashes are bytes: as a character, one with a combining mark behind it would be another.
  private var fileNameStart: Index {
    utf8.lastIndex(of: UInt8(ascii: "/")).map(utf8.index(after:)) ?? startIndex
  }

  /// The name of the file that this is the path of.
  var fileName: Substring { self[fileNameStart...] }

  /// The path of another file in the folder of the file that this is the path of.
  func sibling(named name: String) -> String { self[..<fileNameStart] + name }
}
