import Foundation
import TestSupport
import Testing

@testable import BBBTensors

struct ShardedCheckpointTests {
  static let weights = Tensor(name: "fc1.weight", shape: [2, 2], floats: [1, 2, 3, 4])
  static let biases = Tensor(name: "fc1.bias", shape: [2], floats: [5, 6])
  static let half = Tensor(name: "a", shape: [1], floats: [7])

  @Test func `what huggingface_hub saved is read as one file`() throws {
    let path = try fixturePath("sharded/model.safetensors.index.json")
    let file = try TensorFile(contentsOf: path)
    #expect(file.path == path)
    #expect(file.format == .safetensors)
    #expect(file.metadata == ["format": "pt", "input_scale": "1/126"])
    #expect(file.scalars.isEmpty && file.warnings.isEmpty && file.shard == nil)
    #expect(try file["fc1.weight"]?.floats() == [0, 1, 2, 3, 4, 5])
    #expect(try file["fc2.weight"]?.floats() == [0.5, 1.5])
    #expect(try file["fc2.bias"]?.doubles() == [0.25])
    let folder = try fixturePath("sharded")
    let shards = ["1", "2"].map { folder + "/model-0000\($0)-of-00002.safetensors" }
    #expect(file["fc1.weight"]?.path == shards[0], "a tensor's messages name its shard")
    #expect(file["fc2.bias"]?.path == shards[1])
    #expect(TensorFile.shardPaths(ofIndex: path) == shards)
    let sizes = try shards.map { try Data(contentsOf: URL(filePath: $0)).count }
    #expect(file.byteCount == sizes[0] + sizes[1])
  }

  /// Alignment before name, as in a single file, whatever the shards are called.
  @Test(arguments: [["1", "2", "1"], ["2", "1", "2"], ["2", "1", "1"], ["1", "1", "1"]])
  func `the tensors have the order of a single file`(places: [String]) throws {
    let double = try TensorFile(contentsOf: fixturePath("all_types.safetensors"))["double"]
    let tensors = [Self.weights, Self.biases, try #require(double)]
    let single = try TensorFile(data: SafetensorsEncoder.encode(tensors), path: "single")
    let sharded = try checkpoint(zip(tensors, places).map { ($0, $1) })
    #expect(sharded.tensors.map(\.name) == single.tensors.map(\.name))
    #expect(sharded.tensors.map(\.name) == ["double", "fc1.bias", "fc1.weight"])
    #expect(
      try SafetensorsEncoder.encode(sharded.tensors) == SafetensorsEncoder.encode(single.tensors))
  }

  @Test func `shards are looked up beside the index, wherever it is`() throws {
    var opened: [String] = []
    for (path, shard) in [
      ("i.json", "s"), ("/a/b/i.json", "/a/b/s"), ("../i", "../s"), ("/i", "/s"),
      ("a/\u{301}i", "a/s"),
    ] {
      let shards = [shard: try SafetensorsEncoder.encode([Self.biases])]
      let file = try TensorFile(
        data: Data(#"{"weight_map":{"fc1.bias":"s"}}"#.utf8), path: path
      ) { path throws(TensorFileError) in
        opened.append(path)
        return try content(of: path, in: shards)
      }
      #expect(file.tensors.map(\.path) == [shard])
    }
    #expect(opened == ["s", "/a/b/s", "../s", "/s", "a/s"])
  }

  @Test func `metadata that agree are merged, those that contradict each other are left out`()
    throws
  {
    let shards = [
      "1": try SafetensorsEncoder.encode([Self.weights], metadata: ["a": "1", "b": "x", "c": "2"]),
      "2": try SafetensorsEncoder.encode([Self.biases], metadata: ["b": "y", "c": "2", "d": "3"]),
      "3": try SafetensorsEncoder.encode([Self.half], metadata: ["b": "x", "e": "5"]),
    ]
    let index = #"""
      {"metadata":{"e":"4","f":"6","total_size":"24","total_parameters":6,"more":{"g":null}},
      "weight_map":{"fc1.weight":"1","fc1.bias":"2","a":"3"},"version":2}
      """#
    let file = try sharded(index, shards)
    #expect(file.metadata == ["a": "1", "c": "2", "d": "3", "f": "6"])
    #expect(file.warnings.count == 1)
    #expect(file.warnings.first?.contains(#"in "b", "e""#) == true)
  }

  static let lies: [(index: String, says: String)] = [
    (#"{}"#, "without a \"weight_map\""),
    (#"{"weight_map":[]}"#, "without a \"weight_map\""),
    (#"{"model_type":"bert"}"#, "give the checkpoint, or its index"),
    (#"{"weight_map":{"w":"1"}"#, "not valid at byte"),
    (#"{"weight_map":{"w":"1"}} {}"#, "something follows"),
    (#"{"weight_map":{"w":"1","w":"2"}}"#, "occurs twice"),
    (#"{"weight_map":{"w":1}}"#, "gives tensor \"w\" no file name"),
    (#"{"weight_map":{"w":""}}"#, "not the plain name"),
    (#"{"weight_map":{"w":"."}}"#, "not the plain name"),
    (#"{"weight_map":{"w":".."}}"#, "not the plain name"),
    (#"{"weight_map":{"w":"/etc/passwd"}}"#, "not the plain name"),
    (#"{"weight_map":{"w":"../1"}}"#, "not the plain name"),
    (#"{"weight_map":{"w":"folder/1"}}"#, "not the plain name"),
    (#"{"weight_map":{"w":"folder\\1"}}"#, "not the plain name"),
    (#"{"weight_map":{"w":"1\u0000"}}"#, "not the plain name"),
    (#"{"weight_map":{"w":"1\n"}}"#, "not the plain name"),
    (#"{"weight_map":{"fc1.weight":"1","w":"1"}}"#, "1: lacks tensor \"w\""),
    (#"{"weight_map":{"fc1.weight":"1","fc1.bias":"1"}}"#, "1: lacks tensor \"fc1.bias\""),
    (#"{"weight_map":{"fc1.bias":"2"}}"#, "2: holds tensor \"a\", which the index does not list"),
    (
      #"{"weight_map":{"fc1.weight":"1","fc1.bias":"2","a":"1"}}"#,
      "2: holds tensor \"a\", which by the index is in \"1\""
    ),
    (
      #"{"weight_map":{"fc1.weight":"1","fc1.bias":"2","a":"2","w":"same"}}"#,
      "same: holds tensor \"fc1.weight\", which by the index is in \"1\""
    ),
    (
      #"{"weight_map":{"w":"nowhere"}}"#,
      "index: the shard \"nowhere\" is missing; copy or download it into the folder of the index"
    ),
    (#"{"weight_map":{"w":"damaged"}}"#, "damaged: the header is not valid"),
    (#"{"weight_map":{"w":"array"}}"#, "array: is named as a shard by the index"),
    (#"{"weight_map":{"w":"index"}}"#, "index: is named as a shard by the index"),
    (
      #"{"weight_map":{"w":\#(String(repeating: "[", count: 100_000))"#,
      "nesting is too deep"
    ),
  ]

  @Test(arguments: lies)
  func `every lie is named`(lie: (index: String, says: String)) throws {
    let shards = [
      "1": try SafetensorsEncoder.encode([Self.weights]),
      "2": try SafetensorsEncoder.encode([Self.biases, Self.half]),
      "same": try SafetensorsEncoder.encode([Self.weights]),
      "damaged": safetensors("{]"), "array": try NPYEncoder.encode(Self.biases),
      "index": Data(#"{"weight_map":{}}"#.utf8),
    ]
    let error = #expect(throws: TensorFileError.self) { try sharded(lie.index, shards) }
    #expect(error?.description.contains(lie.says) == true, "\(String(describing: error))")
    #expect(error?.code == (lie.index.contains("nowhere") ? .inaccessible : error?.code))
  }

  @Test func `a damaged index is read or refused, and opens nothing but plain names`() throws {
    let index = Array(
      #"{"metadata":{"total_size":8},"weight_map":{"fc1.bias":"s1.safetensors"}}"#.utf8)
    let shards = ["s1.safetensors": try SafetensorsEncoder.encode([Self.biases])]
    var refusals = 0
    for position in index.indices {
      for byte: UInt8 in [0, 0x22, 0x2E, 0x2F, 0x5C, 0x7D, 0x80, 0xFF] {
        var damaged = index
        damaged[position] = byte
        do throws(TensorFileError) {
          _ = try TensorFile(data: Data(damaged), path: "index") {
            path throws(TensorFileError) in
            #expect(!path.isEmpty && !path.contains("/") && path != "..")
            return try content(of: path, in: shards)
          }
        } catch {
          refusals += 1
          #expect(!error.message.isEmpty && !error.message.contains("\n"))
        }
      }
    }
    #expect(refusals > index.count * 4)
  }

  @Test func `a shard that is a folder is refused by name`() throws {
    try withTemporaryFolder { folder in
      let index = Data(#"{"weight_map":{"w":"sub"}}"#.utf8)
      try OutputFile.write(index, to: folder + "/index")
      try FileManager.default.createDirectory(
        atPath: folder + "/sub", withIntermediateDirectories: true)
      let error = #expect(throws: TensorFileError.self) {
        try TensorFile(contentsOf: folder + "/index")
      }
      #expect(error?.path == folder + "/index" && error?.code == .inaccessible)
      #expect(error?.message.hasPrefix("the shard \"sub\" is a folder; ") == true)
    }
  }

  @Test func `a folder is refused with the file in it that can be given`() throws {
    try withTemporaryFolder { folder in
      func message() -> String? {
        #expect(throws: TensorFileError.self) { try TensorFile(contentsOf: folder) }?.message
      }
      #expect(message() == "is a folder; give the path of a file in it")
      try OutputFile.write(Data("{}".utf8), to: folder + "/model.safetensors")
      #expect(message() == "is a folder; give \(folder)/model.safetensors")
      try OutputFile.write(Data("{}".utf8), to: folder + "/model.safetensors.index.json")
      #expect(message() == "is a folder; give \(folder)/model.safetensors.index.json")
    }
  }

  @Test func `files that are no index name no shards`() throws {
    #expect(TensorFile.shardPaths(ofIndex: "/nowhere") == [])
    #expect(try TensorFile.shardPaths(ofIndex: fixturePath("all_types.safetensors")) == [])
    #expect(try TensorFile.shardPaths(ofIndex: fixturePath("sharded")) == [])
  }

  /// A checkpoint whose tensors are in the shards named beside them.
  private func checkpoint(_ places: [(tensor: Tensor, shard: String)]) throws -> TensorFile {
    let shards = try Dictionary(grouping: places, by: \.shard)
      .mapValues { try SafetensorsEncoder.encode($0.map(\.tensor)) }
    let map = places.map { "\"\($0.tensor.name)\":\"\($0.shard)\"" }.joined(separator: ",")
    return try sharded("\n{\"weight_map\": {\(map)} }\n", shards)
  }

  private func sharded(_ index: String, _ shards: [String: Data]) throws -> TensorFile {
    try TensorFile(data: Data(index.utf8), path: "index") { path throws(TensorFileError) in
      try content(of: path, in: shards)
    }
  }
}

/// A file among some in memory.
private func content(of path: String, in files: [String: Data]) throws(TensorFileError) -> Data {
  guard let data = files[path] else {
    throw TensorFileError(.inaccessible, path: path, "cannot be opened: it is not there")
  }
  return data
}

struct ShardTests {
  @Test(
    arguments: [
      ("model-00001-of-00003.safetensors", 1, 3, "model.safetensors.index.json"),
      ("/a-b/my-model-00002-of-00002.safetensors", 2, 2, "/a-b/my-model.safetensors.index.json"),
      ("a/m-1-of-12.safetensors", 1, 12, "a/m.safetensors.index.json"),
    ])
  func `the name of a part tells which it is`(
    path: String, number: Int, count: Int, index: String
  ) throws {
    let shard = try #require(Shard(path: path))
    #expect(shard.number == number && shard.count == count && shard.index == index)
    #expect(!shard.isIndexThere)
  }

  @Test(arguments: [
    "", "model.safetensors", "model-00001-of-00001.safetensors", "model-00000-of-00002.safetensors",
    "model-00003-of-00002.safetensors", "00001-of-00002.safetensors", "model-1-of-2.npz",
    "model--1-of-2x.safetensors", "model-a-of-2.safetensors", "model-1-in-2.safetensors",
    "model-1-of-99999999999999999999.safetensors", "model-+1-of-2.safetensors",
    "model-1-of-2.safetensors/x",
  ])
  func `other names tell nothing`(path: String) {
    #expect(Shard(path: path) == nil)
  }

  @Test func `an opened file knows what part it is`() throws {
    try withTemporaryFolder { folder in
      let data = try SafetensorsEncoder.encode([ShardedCheckpointTests.biases])
      let path = folder + "/m-00001-of-00002.safetensors"
      try OutputFile.write(data, to: path)
      let shard = try #require(try TensorFile(contentsOf: path).shard)
      #expect(!shard.isIndexThere)
      try OutputFile.write(Data("{}".utf8), to: folder + "/m.safetensors.index.json")
      #expect(shard.isIndexThere)
      try OutputFile.write(NPYEncoder.encode(ShardedCheckpointTests.biases), to: path)
      #expect(try TensorFile(contentsOf: path).shard == nil, "no safetensors, whatever its name")
    }
  }
}
