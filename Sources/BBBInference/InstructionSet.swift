import CBBBKernels

/// The instruction sets that the sparse kernel exists in.
enum InstructionSet: CaseIterable {
  case plain
  case avx2
  case avx512
  case neon

  /// The fastest that this processor has.
  static let best: InstructionSet =
    allCases.first { $0.kernelValue == bbb_best_instruction_set() } ?? .plain

  /// Those that this processor has.
  static var available: [InstructionSet] {
    allCases.filter { bbb_has_instruction_set($0.kernelValue) != 0 }
  }

  var kernelValue: bbb_instruction_set {
    switch self {
    case .plain: bbb_plain
    case .avx2: bbb_avx2
    case .avx512: bbb_avx512
    case .neon: bbb_neon
    }
  }
}
