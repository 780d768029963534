import BBBNetwork
import Foundation
import SwiftProtobuf

@testable import BBBONNX

extension FuzzTarget {
  /// Graphs as ONNX files hold them.
  static let onnx = FuzzTarget(
    name: "onnx", test: testONNX,
    seeds: { _ in
      try [convolutional, shapeComputing, branching].map { Array(try $0.serializedData()) }
    },
    dictionary: [
      "Conv", "Gemm", "MatMul", "BatchNormalization", "Relu", "Clip", "MaxPool", "AveragePool",
      "GlobalAveragePool", "ReduceMean", "Flatten", "Reshape", "Transpose", "Add", "Mul", "Concat",
      "Slice", "Pad", "Shape", "Gather", "Unsqueeze", "Constant", "ConstantOfShape", "Expand",
      "Cast",
      "Identity", "Softmax", "pads", "strides", "group", "axis", "perm", "transB", "kernel_shape",
    ])
}

/// Reads a graph, and makes a network of it.
private func testONNX(_ bytes: [UInt8]) {
  do throws(ONNXError) {
    let graph = try ONNXGraph(data: Data(bytes))
    for node in graph.nodes {
      require(
        node.outputs.compactMap(\.self).allSatisfy { graph.values[$0] != nil },
        "every value has a shape")
    }
    let lowered = try graph.network()
    require(
      zip(lowered.network.parameters, lowered.matrices).allSatisfy {
        $0.weights.count == $1.weights.count
      }, "every weight has a value")
  } catch {
    requireMessage(error.message)
  }
}

/// A convolution with batch normalisation, an activation, a pool, and a matrix.
private var convolutional: Onnx_ModelProto {
  model(
    [
      node("Conv", ["x", "w", "b"], "c", [integers("pads", [1, 1, 1, 1])]),
      node("BatchNormalization", ["c", "s", "s", "s", "v"], "n"), node("Relu", ["n"], "r"),
      node(
        "MaxPool", ["r"], "p", [integers("kernel_shape", [2, 2]), integers("strides", [2, 2])]),
      node("Flatten", ["p"], "f"), node("Gemm", ["f", "m"], "y", [integer("transB", 1)]),
    ],
    [
      tensor("w", [2, 1, 3, 3]), tensor("b", [2]), tensor("s", [2]), tensor("v", [2]),
      tensor("m", [3, 8]),
    ])
}

/// A flatten as exporters write it for a batch of any size.
private var shapeComputing: Onnx_ModelProto {
  model(
    [
      node("Shape", ["x"], "shape"), node("Gather", ["shape", "zero"], "batch"),
      node("Unsqueeze", ["batch", "zeros"], "first"),
      node("Concat", ["first", "rest"], "all", [integer("axis", 0)]),
      node("Reshape", ["x", "all"], "f"), node("MatMul", ["f", "m"], "p"),
      node("Add", ["p", "b"], "y"),
    ],
    [tensor("m", [16, 3]), tensor("b", [3])],
    [numbers("zero", [], [0]), numbers("zeros", [1], [0]), numbers("rest", [1], [16])])
}

/// A residual whose shortcut takes every second pixel and more channels, as small residual networks do.
private var branching: Onnx_ModelProto {
  model(
    [
      node(
        "Conv", ["x", "w"], "c", [integers("strides", [2, 2]), integers("pads", [1, 1, 1, 1])]),
      node("Slice", ["x", "from", "to", "axes", "steps"], "s"), node("Pad", ["s", "pads"], "p"),
      node("Add", ["c", "p"], "a"), node("Clip", ["a", "low", "high"], "r"),
      node("GlobalAveragePool", ["r"], "g"), node("Flatten", ["g"], "f"),
      node("Softmax", ["f"], "y"),
    ],
    [tensor("w", [3, 1, 3, 3]), tensor("low", [], [0]), tensor("high", [], [6])],
    [
      numbers("from", [2], [0, 0]), numbers("to", [2], [4, 4]), numbers("axes", [2], [2, 3]),
      numbers("steps", [2], [2, 2]), numbers("pads", [8], [0, 1, 0, 0, 0, 1, 0, 0]),
    ])
}

private func model(
  _ nodes: [Onnx_NodeProto], _ tensors: [Onnx_TensorProto], _ numbers: [Onnx_TensorProto] = []
) -> Onnx_ModelProto {
  .with { model in
    model.irVersion = 8
    model.opsetImport = [.with { $0.version = 17 }]
    model.graph.node = nodes
    model.graph.initializer = tensors + numbers
    model.graph.output = [.with { $0.name = "y" }]
    model.graph.input = [
      .with { input in
        input.name = "x"
        input.type.tensorType.elemType = 1
        input.type.tensorType.shape.dim =
          [.with { $0.dimParam = "n" }]
          + [1, 4, 4].map { extent in .with { $0.dimValue = extent } }
      }
    ]
  }
}

private func node(
  _ operatorType: String, _ inputs: [String], _ output: String,
  _ attributes: [Onnx_AttributeProto] = []
) -> Onnx_NodeProto {
  .with { node in
    node.opType = operatorType
    node.input = inputs
    node.output = [output]
    node.attribute = attributes
  }
}

private func integers(_ name: String, _ values: [Int64]) -> Onnx_AttributeProto {
  .with { attribute in
    attribute.name = name
    attribute.type = .ints
    attribute.ints = values
  }
}

private func integer(_ name: String, _ value: Int64) -> Onnx_AttributeProto {
  .with { attribute in
    attribute.name = name
    attribute.type = .int
    attribute.i = value
  }
}

/// A tensor of real numbers, small ones of both signs unless others are given.
private func tensor(_ name: String, _ shape: [Int64], _ values: [Float]? = nil) -> Onnx_TensorProto
{
  .with { tensor in
    tensor.name = name
    tensor.dataType = 1
    tensor.dims = shape
    let count = Int(shape.reduce(1, *))
    tensor.floatData = values ?? (0..<count).map { Float($0 % 7) * 0.25 - 0.5 }
  }
}

private func numbers(_ name: String, _ shape: [Int64], _ values: [Int64]) -> Onnx_TensorProto {
  .with { tensor in
    tensor.name = name
    tensor.dataType = 7
    tensor.dims = shape
    tensor.int64Data = values
  }
}
