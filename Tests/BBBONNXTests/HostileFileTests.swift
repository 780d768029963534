import Foundation
import TestSupport
import Testing

@testable import BBBONNX

/// Files that ask for more than they should, and damaged ones.
@Suite struct HostileFileTests {
  @Test func constantsDoNotExplode() throws {
    let large: Int64 = 1 << 15
    for node in [
      TestModel.node("ConstantOfShape", ["large"], ["c"]),
      TestModel.node("Expand", ["one", "large"], ["c"]),
      TestModel.node("Tile", ["one", "large"], ["c"]),
    ] {
      let model = TestModel.model(
        [node, TestModel.node("ReduceSum", ["c"], ["s"]), TestModel.node("Add", ["x", "s"])],
        initializers: [
          TestModel.integers("large", [large, large]), TestModel.floats("one", [1], shape: [1, 1]),
        ])
      #expect(try model.refusal()?.contains("more elements of constants") == true, "\(node.opType)")
    }
    let overflowing = TestModel.model(
      [TestModel.node("Expand", ["x", "large"])],
      initializers: [TestModel.integers("large", [1 << 62, 1 << 62, 1, 3])])
    #expect(try overflowing.refusal()?.contains("beyond what can be computed") == true)
    let range = TestModel.model(
      [TestModel.node("Range", ["a", "b", "c"])],
      initializers: [
        TestModel.integers("a", [0], shape: []), TestModel.integers("b", [.min], shape: []),
        TestModel.integers("c", [-1], shape: []),
      ])
    #expect(try range.refusal()?.contains("is too long") == true)
  }

  @Test func smallStepsAddUp() throws {
    var nodes = [TestModel.node("Expand", ["one", "large"], ["c0"])]
    for index in 0..<64 {
      nodes.append(TestModel.node("Add", ["c\(index)", "c\(index)"], ["c\(index + 1)"]))
    }
    let model = TestModel.model(
      nodes + [TestModel.node("Add", ["x", "c64"])],
      initializers: [TestModel.integers("large", [1 << 20, 1]), TestModel.floats("one", [1])])
    #expect(try model.refusal()?.contains("more elements of constants") == true)
  }

  @Test func longChainsAreRead() throws {
    let count = 100_000
    let nodes = (0..<count).map { index in
      TestModel.node(
        "Relu", [index == 0 ? "x" : "v\(index)"], [index == count - 1 ? "y" : "v\(index + 1)"])
    }
    #expect(try TestModel.model(nodes.reversed()).read().nodes.count == count)
    let many = nodes + nodes + nodes
    #expect(try TestModel.model(many).refusal()?.contains("more than 262144 nodes") == true)
  }

  @Test func functionsDoNotExplode() throws {
    var model = TestModel.model([TestModel.node("f0", ["x"])])
    model.functions = (0..<30).map { index in
      .with { function in
        function.name = "f\(index)"
        function.input = ["a"]
        function.output = ["b"]
        let next = index == 29 ? "Relu" : "f\(index + 1)"
        function.node = [TestModel.node(next, ["a"], ["c"]), TestModel.node(next, ["c"], ["b"])]
      }
    }
    #expect(try model.refusal()?.contains("more than 262144 nodes") == true)
  }

  @Test func deepBranchesAreRefused() throws {
    var graph = Onnx_GraphProto()
    for _ in 0..<60 {
      var outer = Onnx_GraphProto()
      outer.node = [TestModel.node("If", ["c"], ["o"], [TestModel.attribute("then_branch", graph)])]
      graph = outer
    }
    let model = TestModel.model([
      TestModel.node("If", ["c"], ["y"], [TestModel.attribute("then_branch", graph)])
    ])
    #expect(try model.refusal() != nil)
  }

  @Test func oddNumbersAreNoCrash() throws {
    let extremes: [Int64] = [.min, .max, -1, 0, 1 << 31, 1 << 62]
    let image = [TestModel.input("x", ["n", "3", "8", "8"])]
    let weights = TestModel.floats("w", .init(repeating: 1, count: 9), shape: [1, 3, 3, 1])
    for number in extremes {
      for name in [
        "strides", "pads", "dilations", "kernel_shape", "output_padding", "output_shape",
      ] {
        for count in [2, 4] {
          let attributes = [TestModel.attribute(name, .init(repeating: number, count: count))]
          for type in ["Conv", "ConvTranspose", "MaxPool"] {
            let inputs = type == "MaxPool" ? ["x"] : ["x", "w"]
            _ = try TestModel.model(
              [TestModel.node(type, inputs, ["y"], attributes)], inputs: image,
              initializers: [weights]
            ).refusal()
          }
        }
      }
      for name in [
        "axis", "group", "to", "blocksize", "start", "end", "num_outputs", "hidden_size",
      ] {
        for type in [
          "Concat", "Conv", "Cast", "DepthToSpace", "SpaceToDepth", "Shape", "Split", "Flatten",
          "Softmax",
          "Gather", "LayerNormalization",
        ] {
          let node = TestModel.node(type, ["x", "w"], ["y"], [TestModel.attribute(name, number)])
          _ = try TestModel.model([node], inputs: image, initializers: [weights], opset: 18)
            .refusal()
        }
      }
      for other in extremes {
        for type in [
          "Slice", "Pad", "Reshape", "Expand", "Tile", "Squeeze", "Unsqueeze", "Range", "Gather",
          "Add",
          "Mul", "Div", "Mod", "Pow", "ReduceSum", "CumSum", "Resize", "ConstantOfShape", "Trilu",
          "Min",
        ] {
          for inputs in [
            ["x", "a", "b"], ["x", "a"], ["a", "b"], ["a"], ["a", "b", "c"], ["w", "a", "b", "c"],
          ] {
            _ = try TestModel.model(
              [TestModel.node(type, inputs)], inputs: image,
              initializers: [
                weights, TestModel.integers("a", [number]), TestModel.integers("b", [other]),
                TestModel.integers("c", [1]),
              ], opset: 18
            ).refusal()
          }
        }
      }
    }
  }
}
