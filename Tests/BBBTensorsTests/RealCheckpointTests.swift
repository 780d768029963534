import Foundation
import TestSupport
import Testing

@testable import BBBTensors

/// What an independent program found in a checkpoint.
private struct Reference: Decodable {
  struct Key: Decodable {
    /// The shape of a tensor; nil for a number.
    let shape: [Int]?
    let dtype: String?
    /// The Python class of something other than a tensor, and its value.
    let python: String?
    let value: String?
  }

  let keys: [String: Key]?
}

@Suite(.enabled(if: SharedFolder.isThere, Comment(rawValue: SharedFolder.remedy)))
struct RealCheckpointTests {
  @Test func `checkpoints are found`() {
    #expect(SharedFolder.checkpoints.count >= 12)
  }

  @Test(arguments: SharedFolder.checkpoints)
  func `every checkpoint has the shapes its reference lists`(_ name: String) throws {
    let path = SharedFolder.checkpoint(name)
    let reference = try JSONDecoder().decode(
      Reference.self, from: Data(contentsOf: URL(fileURLWithPath: path + ".reference.json")))
    guard let keys = reference.keys else {
      let error = #expect(throws: TensorFileError.self) { try TensorFile(contentsOf: path) }
      #expect(error?.code == .unsupported)
      #expect(error?.message.contains("torch.save(model.state_dict(), \"model.pt\")") == true)
      return
    }
    let file = try TensorFile(contentsOf: path)
    let numbers = keys.filter {
      ["builtins.int", "builtins.float", "builtins.bool"].contains($0.value.python)
    }
    #expect(file.scalars == numbers.compactMapValues { $0.value.flatMap(Double.init) })
    let tensors = keys.filter { $0.value.shape != nil }
    #expect(Set(file.tensors.map(\.name)) == Set(tensors.keys))
    for (name, key) in tensors {
      let tensor = try #require(file[name])
      #expect(tensor.shape == key.shape, "\(name)")
      #expect(key.dtype == "float32" && tensor.elementType == .float32, "\(name)")
      let values = try tensor.loaded().floats()
      #expect(values.count == tensor.count && values.allSatisfy(\.isFinite), "\(name)")
    }
  }

  @Test func `both layouts of PyTorch hold the same numbers`() throws {
    let folder = SharedFolder.checkpoint("")
    let current = try TensorFile(contentsOf: folder + "torchbnn_mlp.pt")
    let legacy = try TensorFile(contentsOf: folder + "torchbnn_mlp_legacy.pt")
    #expect(current.tensors.map(\.name) == legacy.tensors.map(\.name))
    var subnormalCount = 0
    for (first, second) in zip(current.tensors, legacy.tensors) {
      let values = try first.floats()
      #expect(try values.map(\.bitPattern) == second.floats().map(\.bitPattern))
      if first.name.hasSuffix("weight_mu") { subnormalCount += values.count(where: \.isSubnormal) }
    }
    // Counted by NumPy; none may be flushed to zero.
    #expect(subnormalCount == 10_121)
  }

  @Test func `numbers of an optimiser are found`() throws {
    let folder = SharedFolder.checkpoint("")
    let file = try TensorFile(contentsOf: folder + "ivon_mlp.pt")
    #expect(file.scalars["optimizer/param_groups/0/ess"] ?? 0 > 0)
    #expect(file.scalars["optimizer/param_groups/0/weight_decay"] ?? 0 > 0)
  }
}
