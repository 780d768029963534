import Foundation
import SwiftProtobuf
import TestSupport
import Testing

@testable import BBBONNX

/// Thousands of damaged files: each is read or refused, and none ends the process.
@Suite struct DamagedFileTests {
  private static let roundCount = 2000

  /// Files to damage: a small one, and real ones.
  private func seeds() throws -> [Data] {
    var seeds = [
      try TestModel.model(
        [
          TestModel.node("Shape", ["x"], ["s"]), TestModel.node("Gather", ["s", "i"], ["d"]),
          TestModel.node("Concat", ["d", "r"], ["t"], [TestModel.attribute("axis", 0)]),
          TestModel.node("Reshape", ["x", "t"], ["m"]), TestModel.node("MatMul", ["m", "w"]),
        ],
        initializers: [
          TestModel.integers("i", [0]), TestModel.integers("r", [3]),
          TestModel.floats("w", .init(repeating: 1, count: 6), shape: [3, 2]),
        ]
      ).serializedData()
    ]
    guard SharedFolder.isThere else { return seeds }
    for name in ["ivon_mobilenet.nofold", "ivon_resnet20.nofold", "blitz_binary.dynamo"] {
      seeds.append(try Data(contentsOf: URL(filePath: SharedFolder.graph(name + ".onnx"))))
    }
    return seeds
  }

  /// Reads a file and all that it holds.
  private func read(_ data: Data) -> Bool {
    guard let graph = try? ONNXGraph(data: data) else { return false }
    for constant in graph.constants.values { _ = try? constant.elements() }
    for node in graph.nodes { _ = try? graph.window(of: node) }
    _ = try? graph.network()
    return true
  }

  @Test func bitsAreFlipped() throws {
    let seeds = try seeds()
    var random = SeededGenerator(seed: 20)
    for round in 0..<Self.roundCount {
      var data = seeds[round % seeds.count]
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        let position = Int.random(in: 0..<data.count, using: &random)
        data[position] ^= 1 << UInt8.random(in: 0..<8, using: &random)
      }
      if round % 50 == 0 { data = data.prefix(Int.random(in: 0...data.count, using: &random)) }
      _ = read(data)
    }
  }

  @Test func messagesAreChanged() throws {
    var seeds = try seeds().map { try Onnx_ModelProto(serializedBytes: $0) }
    if PythonRuntime.isThere {
      try withTemporaryFolder { folder in
        for script in ["operator_cases", "lowering_cases"] {
          _ = try PythonRuntime.run([try PythonRuntime.script(script), folder])
        }
        for file in try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        where file.hasSuffix(".onnx") {
          let data = try Data(contentsOf: URL(filePath: folder + "/" + file))
          seeds.append(try Onnx_ModelProto(serializedBytes: data))
        }
      }
    }
    var random = SeededGenerator(seed: 21)
    var readCount = 0
    for round in 0..<Self.roundCount * 2 {
      var model = seeds[round % seeds.count]
      for _ in 0..<Int.random(in: 1...2, using: &random) { model.change(&random) }
      if read(try model.serializedData()) { readCount += 1 }
    }
    #expect(readCount > 0)
  }
}

extension Onnx_ModelProto {
  /// Changes one thing that the messages say.
  fileprivate mutating func change(_ random: inout SeededGenerator) {
    let numbers: [Int64] = [-1, 0, 1, 2, 3, 7, 64, 1 << 31, 1 << 40, .max, .min, -2]
    let number = numbers.randomElement(using: &random) ?? 0
    let index = Int.random(in: 0..<max(graph.node.count, 1), using: &random)
    let tensor = Int.random(in: 0..<max(graph.initializer.count, 1), using: &random)
    guard graph.node.indices.contains(index) else { return }
    switch Int.random(in: 0..<10, using: &random) {
    case 0:
      graph.node[index].opType = Operator.all.keys.sorted().randomElement(using: &random) ?? ""
    case 1, 2:
      guard let place = graph.node[index].attribute.indices.randomElement(using: &random) else {
        return
      }
      graph.node[index].attribute[place].i = number
      if let other = graph.node[index].attribute[place].ints.indices.randomElement(using: &random) {
        graph.node[index].attribute[place].ints[other] = number
      }
    case 3, 4:
      guard graph.initializer.indices.contains(tensor), graph.initializer[tensor].dataType == 7,
        let place = graph.initializer[tensor].dims.count == 1 ? 0 : nil
      else { return }
      let bytes = withUnsafeBytes(of: number.littleEndian) { Data($0) }
      let count = Int(graph.initializer[tensor].dims[place])
      guard count > 0, graph.initializer[tensor].rawData.count / 8 == count else { return }
      let start = 8 * Int.random(in: 0..<count, using: &random)
      graph.initializer[tensor].rawData.replaceSubrange(start..<start + 8, with: bytes)
    case 5:
      guard graph.initializer.indices.contains(tensor),
        let place = graph.initializer[tensor].dims.indices.randomElement(using: &random)
      else { return }
      graph.initializer[tensor].dims[place] = number
    case 6:
      guard graph.initializer.indices.contains(tensor) else { return }
      graph.initializer[tensor].dims.shuffle(using: &random)
    case 7:
      graph.node[index].input.shuffle(using: &random)
    case 8:
      let extents = graph.input[0].type.tensorType.shape.dim.indices
      guard let place = extents.randomElement(using: &random) else { return }
      graph.input[0].type.tensorType.shape.dim[place].dimValue = number
    default:
      guard let place = graph.node[index].input.indices.randomElement(using: &random),
        let other = graph.node.randomElement(using: &random)?.output.first
      else { return }
      graph.node[index].input[place] = other
    }
  }
}
