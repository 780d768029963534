import BBBNetwork

extension ONNXGraph {
  /// The graph as a network of the operations that are run, with the values of its matrices.
  ///
  /// What normalises, scales or shifts the units of a matrix is folded into its weights and biases.
  /// A softmax at the end, or the sigmoid of a single output, is left out, and told as the meaning of
  /// the outputs, unless all is to be run as it is. Nodes whose results nothing reads are dropped. Numbers are taken in single
  /// precision, whatever their type in the file; integers are exact up to 2²⁴.
  ///
  /// - Parameter keepsEnd: Whether the end is run as it is; the outputs are then told to be numbers.
  /// - Returns: The network and its values.
  /// - Throws: ``ONNXError`` naming the node that is not run, and what to do.
  public func network(keepsEnd: Bool = false) throws(ONNXError) -> GraphNetwork {
    do throws(ONNXError) {
      var lowering = try Lowering(of: self, keepsEnd: keepsEnd)
      return try lowering.network()
    } catch {
      throw error.located(in: file.path)
    }
  }
}
