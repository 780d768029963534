import CBBBKernels

/// Scratch memory for predictions, made once and used again, by one thread at a time.
///
/// It holds the activations of one tile of inputs, [feature][tile], before and after a layer.
public struct Workspace: Sendable {
  /// The number of inputs that are computed together.
  static let tileWidth = Int(BBB_TILE_WIDTH)

  var input: [Float]
  var output: [Float]

  /// Creates scratch memory that suits a model.
  ///
  /// - Parameter model: The model that predictions will be asked of.
  public init(for model: CompactModel) {
    let widest = model.layers.reduce(model.inputCount) { max($0, $1.outputCount) }
    input = Array(repeating: 0, count: widest * Self.tileWidth)
    output = input
  }

  /// Whether the memory suffices for a model.
  func suits(_ model: CompactModel) -> Bool {
    let widest = model.layers.reduce(model.inputCount) { max($0, $1.outputCount) }
    return input.count >= widest * Self.tileWidth
  }
}
