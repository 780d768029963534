import BBBKernels

/// A network as it runs: its layers in one form.
///
/// A class, as its layers are: a prediction of microseconds should not count references of every array.
final class RunnableNetwork<Sparse: Sendable>: Sendable {
  /// The number in the model of each input of the first layer.
  let inputs: [Int]
  /// The row of a tile for each input of the model; for those without weights, one behind all others.
  let places: AlignedBuffer<UInt32>
  let layers: [RunnableLayer<Sparse>]

  /// Creates a network.
  ///
  /// - Parameters:
  ///   - inputs: The number in the model of each input of the first layer.
  ///   - inputCount: The number of inputs in the model.
  ///   - layers: Each feeding the next.
  init(inputs: [Int], inputCount: Int, layers: [RunnableLayer<Sparse>]) {
    self.inputs = inputs
    self.layers = layers
    places = AlignedBuffer(repeating: UInt32(inputs.count + 1), count: inputCount)
    for (place, input) in inputs.enumerated() { places.start[input] = UInt32(place) }
  }
}
