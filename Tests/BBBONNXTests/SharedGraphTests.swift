import Foundation
import TestSupport
import Testing

@testable import BBBONNX

/// The graphs of real networks.
@Suite(.enabled(if: SharedFolder.isThere, Comment(rawValue: SharedFolder.remedy)))
struct SharedGraphTests {
  static let graphs: [String] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: SharedFolder.graph(""))) ?? []
    return names.filter { $0.hasSuffix(".onnx") }.sorted()
  }()

  @Test(arguments: graphs) func isRead(name: String) throws {
    let graph = try ONNXGraph(contentsOf: SharedFolder.graph(name))
    #expect(graph.inputs.count == 1)
    #expect(graph.inputs[0].frozenBatch == nil)
    #expect(graph.inputs[0].batchAxis == 0)
    #expect(graph.outputs.map(\.name) == ["output"])
    let output = try #require(graph.values[graph.outputs[0].value])
    #expect(output.shape.first == .batch)
    let gone: Set = ["Shape", "Constant", "Identity", "ConstantOfShape", "Unsqueeze", "Cast"]
    #expect(graph.nodes.allSatisfy { !gone.contains($0.operatorType) })
    for node in graph.nodes {
      for name in node.inputs + node.outputs {
        #expect(name.map { graph.values[$0] != nil } ?? true)
      }
    }
  }

  @Test(
    .enabled(if: PythonRuntime.isThere, Comment(rawValue: PythonRuntime.remedy)), arguments: graphs)
  func valuesAreThoseOfTheRuntime(name: String) throws {
    struct Output: Decodable {
      let values: [String: PythonRuntime.Value]
    }
    let path = SharedFolder.graph(name)
    let graph = try ONNXGraph(contentsOf: path)
    let json = try PythonRuntime.run([try PythonRuntime.script("runtime_values"), path])
    let values = try JSONDecoder().decode(Output.self, from: json).values
    #expect(try PythonRuntime.compare(graph, with: values, name) >= graph.nodes.count)
  }

  @Test func transposedInitializerKeepsItsOrigin() throws {
    let graph = try ONNXGraph(contentsOf: SharedFolder.graph("ivon_vit.nofold.onnx"))
    let products = graph.nodes.filter { $0.operatorType == "MatMul" }
    let weights = products.compactMap { node in node.inputs[1].flatMap { graph.constants[$0] } }
    #expect(weights.count >= 24)
    for weight in weights {
      let tensor = try #require(weight.tensor)
      #expect(tensor.name.hasSuffix("weight"))
      #expect(weight.views == [.transposed(axes: [1, 0])])
      let (rows, columns) = (tensor.shape[0], tensor.shape[1])
      #expect(weight.shape == [columns, rows])
      let stored = try tensor.floats()
      let seen = try weight.floats()
      #expect(seen[1] == stored[columns])
      #expect(seen[rows] == stored[1])
    }
  }

  @Test func largeWeightsStayInTheFile() throws {
    let graph = try ONNXGraph(contentsOf: SharedFolder.graph("ivon_lenet5.onnx"))
    for constant in graph.constants.values where constant.count > 1024 {
      let tensor = try #require(try constant.tensor?.tensor())
      let mapped = try #require(graph.file.mapped)
      guard case .bytes(let data, _)? = constant.tensor?.content else {
        Issue.record("copied")
        continue
      }
      #expect(mapped.offset(of: data) != nil)
      #expect(tensor.count == constant.count)
    }
  }

  @Test func visionTransformerHasItsShapes() throws {
    let graph = try ONNXGraph(contentsOf: SharedFolder.graph("ivon_vit.onnx"))
    #expect(graph.inputs[0].exampleShape == [3, 32, 32])
    #expect(graph.values["output"]?.exampleShape == [10])
    let scores = try #require(graph.nodes.first { $0.operatorType == "Softmax" }?.outputs[0])
    #expect(graph.values[scores]?.shape == [.batch, .number(3), .number(64), .number(64)])
  }
}
