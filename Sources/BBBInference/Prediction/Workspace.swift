import BBBKernels
import CBBBKernels

/// Scratch memory for predictions, made once and used again, by one thread at a time.
///
/// It holds a few dozen examples, and the arena that a network's values stand in.
public struct Workspace: ~Copyable, Sendable {
  /// The number of examples that are computed together where there are many.
  static let wideTile = Int(BBB_WIDE_TILE)
  /// The number of examples that are computed together where there are few.
  static let narrowTile = Int(BBB_NARROW_TILE)

  /// Examples as the caller gave them, in floats: (``wideTile``, inputs).
  let rows: AlignedBuffer<Float>
  /// The values, and what kernels may read behind the last.
  let arena: AlignedBuffer<Float>
  /// The numbers of the inputs that are not zero.
  let active: AlignedBuffer<UInt32>

  /// Creates scratch memory that suits a model.
  ///
  /// - Parameter model: The model that predictions will be asked of.
  public init(for model: CompactModel) {
    let program = model.plan.structure.program
    rows = AlignedBuffer(repeating: 0, count: model.inputCount * Self.wideTile)
    arena = AlignedBuffer(repeating: 0, count: Self.arenaCount(program))
    active = AlignedBuffer(repeating: 0, count: Self.activeCount(program))
  }

  /// Whether the memory suffices for a model.
  func suits(_ model: CompactModel) -> Bool {
    let program = model.plan.structure.program
    return rows.count >= model.inputCount * Self.wideTile
      && arena.count >= Self.arenaCount(program) && active.count >= Self.activeCount(program)
  }

  /// The floats of a program's arena.
  static func arenaCount(_ program: Program) -> Int {
    program.arenaCount * program.widestTile + Int(BBB_LINE_LANES)
  }

  private static func activeCount(_ program: Program) -> Int { program.widestCount + 16 }
}
