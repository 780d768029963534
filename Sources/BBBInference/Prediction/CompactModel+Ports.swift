import BBBNetwork

extension CompactModel {
  /// The raw outputs of a batch, by name: for models of several inputs or outputs, or whose examples are not along the first
  /// axis.
  ///
  /// - Parameters:
  ///   - inputs: An array for each of ``ports``' inputs, by name; one example may come without the axis of the examples. Floats are
  ///     taken as already scaled.
  ///   - threadCount: How many threads share the examples; the result does not depend on it.
  /// - Returns: An array for each output, by name. One that does not depend on the example has no axis of them.
  /// - Throws: `CompactModelError.Code.mismatched` naming the input that is missing, unknown or of another shape.
  public func predictOutputs(
    for inputs: [String: PortArray], threadCount: Int = 1
  ) throws(CompactModelError) -> [String: PortArray] {
    let joined: (elements: [Float], exampleCount: Int)
    do throws(NetworkError) {
      joined = try ports.joined(inputs)
    } catch {
      throw CompactModelError(.mismatched, error.message)
    }
    return ports.separated(
      try predictOutputs(for: joined.elements, threadCount: threadCount),
      exampleCount: joined.exampleCount)
  }
}
