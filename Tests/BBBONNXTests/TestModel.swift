import Foundation
import SwiftProtobuf

@testable import BBBONNX

/// Small models, made of messages.
enum TestModel {
  /// A model of some nodes.
  static func model(
    _ nodes: [Onnx_NodeProto], inputs: [Onnx_ValueInfoProto] = [input("x", ["n", "3"])],
    outputs: [String] = ["y"], initializers: [Onnx_TensorProto] = [], opset: Int64 = 17
  ) -> Onnx_ModelProto {
    .with { model in
      model.irVersion = 8
      model.opsetImport = [.with { $0.version = opset }]
      model.graph.name = "test"
      model.graph.node = nodes
      model.graph.input = inputs
      model.graph.output = outputs.map { name in .with { $0.name = name } }
      model.graph.initializer = initializers
    }
  }

  /// An input of real numbers; extents that are no numbers are free.
  static func input(_ name: String, _ extents: [String]) -> Onnx_ValueInfoProto {
    .with { input in
      input.name = name
      input.type.tensorType.elemType = 1
      input.type.tensorType.shape.dim = extents.map { extent in
        .with { dimension in
          if let number = Int64(extent) {
            dimension.dimValue = number
          } else {
            dimension.dimParam = extent
          }
        }
      }
    }
  }

  /// A node, named as its operator in lower case.
  static func node(
    _ operatorType: String, _ inputs: [String], _ outputs: [String] = ["y"],
    _ attributes: [Onnx_AttributeProto] = []
  ) -> Onnx_NodeProto {
    .with { node in
      node.opType = operatorType
      node.name = operatorType.lowercased()
      node.input = inputs
      node.output = outputs
      node.attribute = attributes
    }
  }

  /// A tensor of integers.
  static func integers(_ name: String, _ values: [Int64], shape: [Int64]? = nil) -> Onnx_TensorProto
  {
    .with { tensor in
      tensor.name = name
      tensor.dataType = 7
      tensor.dims = shape ?? [Int64(values.count)]
      tensor.int64Data = values
    }
  }

  /// A tensor of real numbers.
  static func floats(_ name: String, _ values: [Float], shape: [Int64]? = nil) -> Onnx_TensorProto {
    .with { tensor in
      tensor.name = name
      tensor.dataType = 1
      tensor.dims = shape ?? [Int64(values.count)]
      tensor.floatData = values
    }
  }

  /// An attribute of an integer.
  static func attribute(_ name: String, _ value: Int64) -> Onnx_AttributeProto {
    .with { attribute in
      attribute.name = name
      attribute.type = .int
      attribute.i = value
    }
  }

  /// An attribute of a real number.
  static func attribute(_ name: String, real value: Float) -> Onnx_AttributeProto {
    .with { attribute in
      attribute.name = name
      attribute.type = .float
      attribute.f = value
    }
  }

  /// An attribute of a text.
  static func attribute(_ name: String, text value: String) -> Onnx_AttributeProto {
    .with { attribute in
      attribute.name = name
      attribute.type = .string
      attribute.s = Data(value.utf8)
    }
  }

  /// An attribute of integers.
  static func attribute(_ name: String, _ values: [Int64]) -> Onnx_AttributeProto {
    .with { attribute in
      attribute.name = name
      attribute.type = .ints
      attribute.ints = values
    }
  }

  /// An attribute of a graph.
  static func attribute(_ name: String, _ graph: Onnx_GraphProto) -> Onnx_AttributeProto {
    .with { attribute in
      attribute.name = name
      attribute.type = .graph
      attribute.g = graph
    }
  }
}

extension Onnx_ModelProto {
  /// What is read of the model.
  func read(_ options: ONNXInputOptions = ONNXInputOptions()) throws -> ONNXGraph {
    try ONNXGraph(data: try serializedData(), options: options)
  }

  /// What the error says that reading the model throws; `nil` if it is read.
  func refusal(_ options: ONNXInputOptions = ONNXInputOptions()) throws -> String? {
    do throws(ONNXError) {
      let data: Data
      do { data = try serializedData() } catch { throw ONNXError(.malformed, "\(error)") }
      _ = try ONNXGraph(data: data, options: options)
      return nil
    } catch {
      return error.description
    }
  }
}
