/// Puts the bodies of a model's own functions in the place of their calls.
struct NodeFlattening {
  /// More nodes than any network has; functions that call functions can make as many as they like.
  private static let nodeLimit = 1 << 18
  /// Deeper calls are recursion.
  private static let depthLimit = 32

  private struct FunctionName: Hashable {
    let domain: String
    let name: String
    let overload: String
  }

  private let functions: [FunctionName: Onnx_FunctionProto]
  private let operatorSetVersion: Int
  private var nodeCount = 0
  /// The files beside the model.
  var externalData: ExternalData

  /// Looks up a model's functions.
  ///
  /// - Throws: ``ONNXError`` if two have the same name.
  init(_ file: ONNXFile) throws(ONNXError) {
    var functions: [FunctionName: Onnx_FunctionProto] = [:]
    for function in file.model.functions {
      let name = FunctionName(
        domain: function.domain.isStandardDomain ? "" : function.domain, name: function.name,
        overload: function.overload)
      guard functions.updateValue(function, forKey: name) == nil else {
        throw ONNXError(
          .malformed, "the function \"\(function.name)\" is defined twice; export the file again")
      }
    }
    self.functions = functions
    operatorSetVersion = file.operatorSetVersion
    externalData = ExternalData(besides: file.path)
  }

  /// The nodes, without calls of functions.
  ///
  /// - Parameters:
  ///   - nodes: The nodes as they are in the file.
  ///   - scope: What their names mean.
  /// - Returns: The nodes, each body where it was called.
  /// - Throws: ``ONNXError`` if there are too many, or an attribute cannot be read.
  mutating func flattened(
    _ nodes: [Onnx_NodeProto], scope: NameScope
  ) throws(ONNXError) -> [FlatNode] {
    var flat: [FlatNode] = []
    try append(nodes, scope: scope, arguments: [:], depth: 0, to: &flat)
    return flat
  }

  private mutating func append(
    _ nodes: [Onnx_NodeProto], scope: NameScope, arguments: [String: Onnx_AttributeProto],
    depth: Int, to flat: inout [FlatNode]
  ) throws(ONNXError) {
    for node in nodes {
      nodeCount += 1
      guard nodeCount <= Self.nodeLimit else {
        throw ONNXError(
          .unsupported,
          "the graph has more than \(Self.nodeLimit) nodes, its functions counted wherever they are "
            + "called; export the network alone")
      }
      let attributes = Self.attributes(of: node, arguments: arguments)
      let name = FunctionName(
        domain: node.domain.isStandardDomain ? "" : node.domain, name: node.opType,
        overload: node.overload)
      guard let function = functions[name] else {
        flat.append(try flatNode(node, attributes: attributes, scope: scope))
        continue
      }
      guard depth < Self.depthLimit else {
        throw ONNXError(
          .malformed,
          "the function \"\(node.opType)\" is called more than \(Self.depthLimit) deep, so that it "
            + "has no end; export the file again")
      }
      try check(function)
      try append(
        function.node, scope: Self.scope(of: function, calledBy: node, in: scope),
        arguments: Self.arguments(of: function, given: attributes), depth: depth + 1, to: &flat)
    }
  }

  private func check(_ function: Onnx_FunctionProto) throws(ONNXError) {
    let version = function.opsetImport.first { $0.domain.isStandardDomain }?.version
    guard version == nil || version == Int64(operatorSetVersion) else {
      throw ONNXError(
        .unsupported,
        "the function \"\(function.name)\" uses version \(version ?? 0) of the operators (opset), the "
          + "graph version \(operatorSetVersion); export the network with one of them")
    }
  }

  /// The attributes of a node in a function's body, references replaced by what the call gives.
  private static func attributes(
    of node: Onnx_NodeProto, arguments: [String: Onnx_AttributeProto]
  ) -> [Onnx_AttributeProto] {
    node.attribute.compactMap { attribute in
      guard attribute.hasRefAttrName else { return attribute }
      guard var argument = arguments[attribute.refAttrName] else { return nil }
      argument.name = attribute.name
      return argument
    }
  }

  private static func arguments(
    of function: Onnx_FunctionProto, given: [Onnx_AttributeProto]
  ) -> [String: Onnx_AttributeProto] {
    let all = function.attributeProto + given
    return Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
  }

  private static func scope(
    of function: Onnx_FunctionProto, calledBy node: Onnx_NodeProto, in scope: NameScope
  ) -> NameScope {
    let formal = function.input + function.output
    let missingInputs = [String](
      repeating: "", count: max(0, function.input.count - node.input.count))
    let actual = node.input.prefix(function.input.count) + missingInputs + node.output
    var names: [String: String] = [:]
    for (formal, actual) in zip(formal, actual) {
      // An output that is not wanted is a local name; an input that is not given is none.
      guard !actual.isEmpty || function.input.contains(formal) else { continue }
      names[formal] = scope.name(actual)
    }
    let call = node.output.first.map(scope.name) ?? node.name
    return .function(prefix: "\(call)/\(function.name)/", names: names)
  }

  private mutating func flatNode(
    _ node: Onnx_NodeProto, attributes: [Onnx_AttributeProto], scope: NameScope
  ) throws(ONNXError) -> FlatNode {
    let outputs = node.output.map(scope.name)
    let place = FlatNode.place(name: node.name, operatorType: node.opType, outputs: outputs)
    var values: [String: ONNXAttribute] = [:]
    var branches: [String: FlatNode.Branch] = [:]
    for attribute in attributes {
      guard values[attribute.name] == nil, branches[attribute.name] == nil else {
        throw ONNXError(
          .malformed,
          "\(place) gives its attribute \"\(attribute.name)\" twice; export the file again")
      }
      if attribute.type == .graph {
        branches[attribute.name] = FlatNode.Branch(graph: attribute.g, scope: scope)
      } else {
        values[attribute.name] = try ONNXAttribute(
          attribute, of: place, externalData: &externalData)
      }
    }
    return FlatNode(
      name: node.name, operatorType: node.opType,
      domain: node.domain.isStandardDomain ? "" : node.domain,
      inputs: node.input.map(scope.name), outputs: outputs,
      attributes: ONNXAttributes(values, of: place), branches: branches,
      metadata: node.metadataProps.dictionary)
  }
}

extension [Onnx_StringStringEntryProto] {
  /// The entries by key, of which the last counts.
  var dictionary: [String: String] {
    Dictionary(map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
  }
}
