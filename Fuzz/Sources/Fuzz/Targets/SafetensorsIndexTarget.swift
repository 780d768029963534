import Foundation

@testable import BBBTensors

extension FuzzTarget {
  /// The index of a checkpoint in shards; the shards themselves are sound.
  static let safetensorsIndex = FuzzTarget(
    name: "safetensors-index", test: testIndex,
    seeds: { fixtures in
      fixtures.named(".index.json")
        + [
          #"{"weight_map":{"a":"1","b":"1","c":"2"}}"#,
          #"{"metadata":{"format":"pt","x":null},"weight_map":{"a":"1","b":"1"}}"#,
          #"{"weight_map":{"\u0063":"2"},"metadata":{"total_size":"4"}}"#, #"{"weight_map":{}}"#,
        ].map { Array($0.utf8) }
    },
    dictionary: [
      "\"weight_map\":", "\"metadata\":", "\"total_size\":", "\"a\":\"1\"", "\"b\":\"1\"",
      "\"c\":\"2\"", "..", "\\u002f", "\\\\",
    ])
}

/// The shards that an index may name, by their paths.
///
/// Arrays, because the search for leaks does not see what `Data` refers to.
private let shards: [String: [UInt8]] = {
  let tensors = ["a", "b", "c"].map { Tensor(name: $0, shape: [1], floats: [1]) }
  do {
    return [
      "folder/1": Array(
        try SafetensorsEncoder.encode(Array(tensors[..<2]), metadata: ["format": "pt"])),
      "folder/2": Array(try SafetensorsEncoder.encode([tensors[2]], metadata: ["format": "np"])),
    ]
  } catch {
    fatalError("the shards cannot be made: \(error)")
  }
}()

/// Opens a checkpoint by its index, which may lead nowhere but to the folder it is in, and reads it.
private func testIndex(_ bytes: [UInt8]) {
  do throws(TensorFileError) {
    let file = try TensorFile(data: Data(bytes), path: "folder/index") {
      path throws(TensorFileError) in
      let folder = "folder/".utf8
      require(
        path.utf8.starts(with: folder) && path != "folder/.."
          && !path.utf8.dropFirst(folder.count).contains(UInt8(ascii: "/")),
        "shards lie beside the index")
      guard let bytes = shards[path] else {
        throw TensorFileError(.inaccessible, path: path, "is not there")
      }
      return Data(bytes)
    }
    require(file.byteCount <= shards.values.reduce(bytes.count) { $0 + $1.count }, "the sum")
    file.warnings.forEach(requireMessage)
    for tensor in file.tensors {
      testReading(tensor)
      require(file[tensor.name]?.path == tensor.path, "each name is one tensor")
    }
  } catch {
    requireMessage(error.message)
  }
}
