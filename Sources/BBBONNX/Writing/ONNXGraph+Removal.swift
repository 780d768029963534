#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension ONNXGraph {
  /// The file with zeros in place of weights that are removed, and otherwise as it is.
  ///
  /// Files beside it are taken in. What exporters note of the machine that they ran on, such as the
  /// paths of its sources, is left out.
  ///
  /// - Parameters:
  ///   - removed: For each parameter of ``network()``, whether each weight is removed, in the order of
  ///     `GraphNetwork.MatrixValues.weights`; `nil` removes none.
  ///   - values: The type in which the weights of matrices are written, if the file has them in single precision.
  /// - Returns: The bytes of the file; the same for the same arguments.
  /// - Throws: ``ONNXError`` naming a matrix whose weights no initializer holds by themselves, or that two parameters share and
  ///   disagree about, or a weight that is beyond half precision.
  /// - Precondition: There are as many parameters, and flags for as many weights.
  public func file(
    removing removed: [[Bool]?], valuesAs values: ONNXWritingOptions.Values = .float32
  ) throws(ONNXError) -> Data {
    do throws(ONNXError) {
      var lowering = try Lowering(of: self)
      let network = try lowering.network()
      let sources = lowering.weightSources
      precondition(sources.count == removed.count, "flags for each parameter")
      var removal = WeightRemoval()
      for (source, flags) in zip(sources, removed) {
        guard let source else { continue }
        try removal.add(source, flags ?? Array(repeating: false, count: source.count))
      }
      let tensors = sources.compactMap { $0?.constant.tensor?.name }
      let data = try file.writing(removal, halving: values == .float16 ? Set(tensors) : [])
      // What others will run is read once more: it is the same network, but for the weights that are 0.
      let written = try ONNXGraph(data: data, options: options).network()
      guard written.network == network.network,
        zip(zip(written.matrices, network.matrices), removed).allSatisfy({ matrices, flags in
          matrices.0.biases == matrices.1.biases
            && Self.areEqual(matrices.0.weights, matrices.1.weights, but: flags, values)
        })
      else {
        throw ONNXError(
          .unsupported,
          "the graph with zeros in place of weights is read as another network; write a .bbbz instead"
        )
      }
      return data
    } catch {
      throw error.located(in: file.path)
    }
  }

  /// Whether weights are those that are to be written, but for 0 where they are removed.
  private static func areEqual(
    _ written: [Float], _ weights: [Float], but removed: [Bool]?,
    _ values: ONNXWritingOptions.Values
  ) -> Bool {
    // Half precision has eleven bits, and steps of 2⁻²⁴ at the least, both multiplied by what is folded into a row.
    let smallest: Float =
      values == .float16 ? 0x1p-16 * (weights.lazy.map(\.magnitude).max() ?? 0) : 0
    return weights.indices.allSatisfy { index in
      if removed?[index] == true { return written[index] == 0 }
      let tolerance: Float = values == .float16 ? 0x1p-10 * weights[index].magnitude + smallest : 0
      return (written[index] - weights[index]).magnitude <= tolerance
    }
  }
}
