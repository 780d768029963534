import BBBTensors
import Foundation
import TestSupport
import Testing

@testable import BBBPosterior

struct ShardedPosteriorTests {
  /// Two hidden layers of one size, whose names say their order only as numbers.
  private static let tensors = ["fc1", "fc2", "fc10"].flatMap { name in
    [
      Tensor.ramp(name + ".weight_mu", 3, 3, factor: name == "fc2" ? 2 : 1),
      .ramp(name + ".weight_rho", 3, 3), .ramp(name + ".bias_mu", 3), .ramp(name + ".bias_rho", 3),
    ]
  }

  /// Writes the checkpoint in as many shards, dealt like cards, and its index; the folder's path is theirs.
  private func write(_ tensors: [Tensor] = tensors, shardCount: Int, to folder: String) throws {
    var map: [String] = []
    for shard in 0..<shardCount {
      let name = "model-0000\(shard + 1)-of-0000\(shardCount).safetensors"
      let own = tensors.enumerated().filter { $0.offset % shardCount == shard }.map(\.element)
      try OutputFile.write(
        SafetensorsEncoder.encode(own, metadata: ["format": "pt"]), to: folder + "/" + name)
      map += own.map { "\"\($0.name)\":\"\(name)\"" }
    }
    let index = #"{"metadata":{"total_size":1,"input_scale":"1/126"},"weight_map":{"#
    try OutputFile.write(
      Data((index + map.joined(separator: ",") + "}}").utf8),
      to: folder + "/model.safetensors.index.json")
  }

  @Test(arguments: [1, 2, 3, 5])
  func `layers, order and values are those of a single file`(shardCount: Int) throws {
    try withTemporaryFolder { folder in
      try write(shardCount: shardCount, to: folder)
      let single = folder + "/single.safetensors"
      try OutputFile.write(
        SafetensorsEncoder.encode(Self.tensors, metadata: ["input_scale": "1/126"]), to: single)
      let index = folder + "/model.safetensors.index.json"
      let whole = try Posterior(TensorFile(contentsOf: single))
      let sharded = try Posterior(TensorFile(contentsOf: index))
      #expect(sharded.path == index)
      #expect(sharded.parameters.map(\.summary) == whole.parameters.map(\.summary))
      #expect(sharded.parameters.map(\.name) == ["fc1", "fc2", "fc10"])
      #expect(sharded.interface.inputScaling?.factor == 1.0 / 126)
      #expect(sharded.warnings == whole.warnings)
      for (layer, other) in zip(sharded.parameters, whole.parameters) {
        #expect(try layer.weight.mean.floats() == other.weight.mean.floats())
        #expect(try layer.bias?.mean.floats() == other.bias?.mean.floats())
      }
    }
  }

  @Test func `a value's error names the shard it is in`() throws {
    try withTemporaryFolder { folder in
      let bad = Tensor(name: "w", shape: [1, 2], floats: [1, .nan])
      try write([.ramp("w.sigma", 1, 2), bad], shardCount: 2, to: folder)
      let posterior = try Posterior(
        TensorFile(contentsOf: folder + "/model.safetensors.index.json"))
      let error = #expect(throws: PosteriorError.self) {
        try posterior.parameters[0].weight.means()
      }
      #expect(error?.path == folder + "/model-00002-of-00002.safetensors")
    }
  }

  @Test func `one shard beside its index is refused, with the index to give`() throws {
    try withTemporaryFolder { folder in
      try write(shardCount: 2, to: folder)
      let path = folder + "/model-00001-of-00002.safetensors"
      let error = failure(of: try TensorFile(contentsOf: path))
      #expect(error?.code == .incomplete && error?.path == path)
      #expect(
        error?.message
          == "holds only part 1 of 2 of a checkpoint; give its index, "
          + "\(folder)/model.safetensors.index.json")
    }
  }

  @Test func `a file that is only named like a shard is read, with a warning`() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/model-00001-of-00002.safetensors"
      try OutputFile.write(SafetensorsEncoder.encode(Self.tensors), to: path)
      let posterior = try Posterior(TensorFile(contentsOf: path))
      #expect(posterior.parameters.count == 3)
      #expect(posterior.warnings.contains { $0.contains("only part 1 of 2 of a checkpoint") })
    }
  }

  @Test func `a shard without what it needs says that the rest may be in others`() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/model-00001-of-00002.safetensors"
      let means = Self.tensors.filter { $0.name.hasSuffix("_mu") }
      try OutputFile.write(SafetensorsEncoder.encode(means), to: path)
      let error = failure(of: try TensorFile(contentsOf: path))
      #expect(error?.code == .incomplete && error?.path == path)
      #expect(
        error?.message.hasSuffix(
          "only part 1 of 2 of a checkpoint, by its name, so give the index of all, such as "
            + "\(folder)/model.safetensors.index.json") == true)
    }
  }

  @Test func `contradicting metadata are a warning`() throws {
    try withTemporaryFolder { folder in
      for (name, metadata) in [("1", "1/126"), ("2", "1/255")] {
        let own = Self.tensors.enumerated().filter { ($0.offset % 4 < 2) == (name == "1") }
        try OutputFile.write(
          SafetensorsEncoder.encode(own.map(\.element), metadata: ["input_scale": metadata]),
          to: folder + "/" + name)
      }
      let map = Self.tensors.enumerated().map { index, tensor in
        "\"\(tensor.name)\":\"\(index % 4 < 2 ? 1 : 2)\""
      }
      try OutputFile.write(
        Data("{\"weight_map\":{\(map.joined(separator: ","))}}".utf8), to: folder + "/index")
      let posterior = try Posterior(TensorFile(contentsOf: folder + "/index"))
      #expect(posterior.interface.inputScaling == nil)
      #expect(posterior.warnings.contains { $0.contains("\"input_scale\"") })
    }
  }
}
