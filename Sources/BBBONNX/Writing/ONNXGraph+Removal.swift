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
  /// - Parameter removed: For each parameter of ``network()``, whether each weight is removed, in the order of
  ///   `GraphNetwork.MatrixValues.weights`; `nil` removes none.
  /// - Returns: The bytes of the file; the same for the same arguments.
  /// - Throws: ``ONNXError`` naming a matrix whose weights no initializer holds by themselves, or that two parameters share and
  ///   disagree about.
  /// - Precondition: There are as many parameters, and flags for as many weights.
  public func file(removing removed: [[Bool]?]) throws(ONNXError) -> Data {
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
      let data = try file.writing(removal)
      // What others will run is read once more: it is the same network, but for the weights that are 0.
      let written = try ONNXGraph(data: data, options: options).network()
      guard written.network == network.network,
        zip(zip(written.matrices, network.matrices), removed).allSatisfy({ matrices, flags in
          matrices.0.biases == matrices.1.biases
            && matrices.1.weights.indices.allSatisfy { index in
              flags?[index] == true
                ? matrices.0.weights[index] == 0
                : matrices.0.weights[index] == matrices.1.weights[index]
            }
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
}
