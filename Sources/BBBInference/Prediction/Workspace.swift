import BBBKernels
import CBBBKernels

/// Scratch memory for predictions, made once and used again, by one thread at a time.
///
/// It holds a few dozen examples and their activations, [feature][example], before and after a layer.
public struct Workspace: ~Copyable, Sendable {
  /// The number of examples that are computed together where there are many.
  static let wideTile = Int(BBB_WIDE_TILE)
  /// The number of examples that are computed together where there are few.
  static let narrowTile = Int(BBB_NARROW_TILE)

  private let widest: Int
  /// Examples as the caller gave them, in floats: (``wideTile``, inputs).
  let rows: AlignedBuffer<Float>
  /// The activations before a layer, and room for a row of zeros and one that nobody reads.
  var input: AlignedBuffer<Float>
  /// The activations after it.
  var output: AlignedBuffer<Float>
  /// The numbers of the inputs that are not zero.
  let active: AlignedBuffer<UInt32>

  /// Creates scratch memory that suits a model.
  ///
  /// - Parameter model: The model that predictions will be asked of.
  public init(for model: CompactModel) {
    widest = Self.widest(model)
    let size = Self.tileCount(for: model)
    rows = AlignedBuffer(repeating: 0, count: model.inputCount * Self.wideTile)
    input = AlignedBuffer(repeating: 0, count: size)
    output = AlignedBuffer(repeating: 0, count: size)
    active = AlignedBuffer(repeating: 0, count: widest + 16)
  }

  /// Whether the memory suffices for a model.
  func suits(_ model: CompactModel) -> Bool {
    widest >= Self.widest(model) && rows.count >= model.inputCount * Self.wideTile
  }

  /// The numbers that the widest tile of a model's activations takes.
  static func tileCount(for model: CompactModel) -> Int {
    // A vector's last panel may be longer than the layer.
    (widest(model) + Int(BBB_PANEL_OUTPUTS)) * wideTile
  }

  private static func widest(_ model: CompactModel) -> Int {
    model.matrices.reduce(model.inputCount) { max($0, $1.rowCount) }
  }
}
