import BBBTensors
import Foundation
import Testing

/// A checkpoint in two shards gives what the same one in a single file gives.
@Suite final class ShardedCheckpointTests {
  let commandLine: CommandLine
  static let index = "shards/model.safetensors.index.json"
  static let shards = [
    "shards/model-00001-of-00002.safetensors", "shards/model-00002-of-00002.safetensors",
  ]

  init() throws {
    commandLine = try CommandLine()
    try SmallProblem.writeCheckpoint(to: commandLine.path("model.safetensors"))
    try SmallProblem.writeDataset(to: commandLine.folder.appending(path: "data"))
    try FileManager.default.createDirectory(
      at: commandLine.folder.appending(path: "shards"), withIntermediateDirectories: true)
    var map: [String: String] = [:]
    for (remainder, shard) in Self.shards.enumerated() {
      // Means in one shard, standard deviations in the other.
      let own = SmallProblem.tensors.enumerated().filter { $0.offset % 2 == remainder }
        .map(\.element)
      try SmallProblem.writeCheckpoint(to: commandLine.path(shard), own)
      for tensor in own { map[tensor.name] = URL(filePath: shard).lastPathComponent }
    }
    let index = ["metadata": ["total_size": 160], "weight_map": map] as [String: Any]
    try JSONSerialization.data(withJSONObject: index, options: .prettyPrinted)
      .write(to: URL(filePath: commandLine.path(Self.index)))
  }

  deinit { commandLine.removeFolder() }

  @Test(arguments: ["bbbz", "safetensors", "npz"])
  func `export writes the same bytes`(format: String) throws {
    for (checkpoint, output) in [("model.safetensors", "one"), (Self.index, "two")] {
      let outcome = try commandLine.run(
        "export", checkpoint, "--sparsity", "0.5", "-o", "\(output).\(format)")
      #expect(outcome.exitCode == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    }
    let files = try ["one", "two"].map {
      try Data(contentsOf: URL(filePath: commandLine.path("\($0).\(format)")))
    }
    #expect(files[0] == files[1])
  }

  @Test func `inspect, sweep and evaluate say the same`() throws {
    for command in [
      ["inspect"], ["sweep", "--dataset", "mnist", "--data", "data"],
      ["evaluate", "--dataset", "mnist", "--data", "data"],
    ] {
      let reports = try ["model.safetensors", Self.index].map { checkpoint in
        let outcome = try commandLine.run(command + [checkpoint, "--json", "-"])
        #expect(outcome.exitCode == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
        let json = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
        var report = try #require(json as? [String: Any])
        // The path, and headers of two files instead of one.
        report["checkpoint"] = nil
        report["model"] = nil
        report["bytes"] = nil
        return report as NSDictionary
      }
      #expect(reports[0] == reports[1])
    }
  }

  @Test func `no shard is overwritten`() throws {
    let before = try Data(contentsOf: URL(filePath: commandLine.path(Self.shards[1])))
    let outcome = try commandLine.run(
      "export", Self.index, "--sparsity", "0.5", "-o", Self.shards[1])
    #expect(outcome.exitCode == 64 && outcome.errors.contains("would overwrite the input"))
    #expect(try Data(contentsOf: URL(filePath: commandLine.path(Self.shards[1]))) == before)
  }

  @Test func `a shard alone, a missing shard and the folder are one sentence each`() throws {
    let alone = try commandLine.run("inspect", Self.shards[0])
    #expect(alone.exitCode == 65)
    #expect(alone.sentence?.hasSuffix("give its index, \(Self.index)") == true, "\(alone.errors)")
    let folder = try commandLine.run("inspect", "shards")
    #expect(folder.exitCode == 66 && folder.sentence?.hasSuffix("give \(Self.index)") == true)
    try FileManager.default.removeItem(atPath: commandLine.path(Self.shards[1]))
    let missing = try commandLine.run("inspect", Self.index)
    #expect(missing.exitCode == 66)
    let sentence = try #require(missing.sentence)
    #expect(sentence.hasPrefix("\(Self.index): the shard \"model-00002-of-00002.safetensors\""))
    #expect(sentence.contains("copy or download it"))
  }
}
