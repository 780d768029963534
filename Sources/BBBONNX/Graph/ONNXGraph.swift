#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What an ONNX file computes: nodes in order of evaluation, constants folded, every shape known.
///
/// The number of examples is a symbol, whether the file leaves it free or was exported for some number.
/// Nodes that only rename (`Identity`, `Dropout`) or compute constants are gone.
public struct ONNXGraph: Sendable {
  /// The values to give.
  public let inputs: [ONNXInput]
  /// The values to compute.
  public let outputs: [ONNXOutput]
  /// The operations, each behind those that it reads from.
  public let nodes: [ONNXNode]
  /// The values that do not depend on the inputs, by name; those that nodes or outputs need.
  public let constants: [String: ONNXConstant]
  /// Type and shape of every value, by name: inputs, constants and what nodes make.
  public let values: [String: ONNXValue]
  /// The version of the operators.
  public let operatorSetVersion: Int
  /// What the exporter tells of the model.
  public let metadata: [String: String]
  /// What was said of the inputs when it was read.
  let options: ONNXInputOptions
  /// The file, from which it can be written again.
  package let file: ONNXFile

  /// Whether the inputs have an axis of examples.
  var hasExamples: Bool { options.hasExamples }

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - path: The path of the file.
  ///   - options: What the file leaves open about its inputs; where it does not, the two must agree.
  /// - Throws: ``ONNXError`` if the file cannot be read, is damaged, or holds what is not read.
  public init(
    contentsOf path: String, options: ONNXInputOptions = ONNXInputOptions()
  ) throws(ONNXError) {
    let file = try ONNXFile(contentsOf: path)
    do throws(ONNXError) {
      self = try GraphBuilder.graph(of: file, options: options)
    } catch {
      throw error.located(in: path)
    }
  }

  /// Reads a file that is in memory, and so has none beside it.
  ///
  /// - Parameters:
  ///   - data: The bytes of the file.
  ///   - options: What the file leaves open, as above.
  /// - Throws: ``ONNXError`` if the file is damaged, or holds what is not read.
  public init(
    data: Data, options: ONNXInputOptions = ONNXInputOptions()
  ) throws(ONNXError) {
    self = try GraphBuilder.graph(of: ONNXFile(data: data), options: options)
  }

  init(
    inputs: [ONNXInput], outputs: [ONNXOutput], nodes: [ONNXNode],
    constants: [String: ONNXConstant], values: [String: ONNXValue], options: ONNXInputOptions,
    file: ONNXFile
  ) {
    self.inputs = inputs
    self.outputs = outputs
    self.nodes = nodes
    self.constants = constants
    self.values = values
    self.options = options
    self.file = file
    operatorSetVersion = file.operatorSetVersion
    metadata = file.model.metadataProps.dictionary
      .merging(file.model.graph.metadataProps.dictionary) { $1 }
  }
}
