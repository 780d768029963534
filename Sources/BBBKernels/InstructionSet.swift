import CBBBKernels

/// The instruction sets that the kernels exist in.
package enum InstructionSet: String, CaseIterable, Sendable {
  case plain
  case avx2
  case avx512
  case neon

  /// What the environment variable `BBBPRUNE_KERNELS` asks for, or the fastest that this processor has.
  package static let best: InstructionSet =
    allCases.first { $0.kernelValue == bbb_best_instruction_set() } ?? .plain

  /// Those that this processor has.
  package static var available: [InstructionSet] {
    allCases.filter { bbb_has_instruction_set($0.kernelValue) != 0 }
  }

  /// Why the instruction set that `BBBPRUNE_KERNELS` asks for cannot be used; `nil` if it can, or none is
  /// asked for.
  package static var unmetRequest: String? {
    var set = bbb_plain
    let names = available.map(\.rawValue).joined(separator: ", ")
    let remedy = "this processor has \(names); set one of these, or unset the variable"
    switch bbb_kernels_asked_for(&set) {
    case bbb_kernels_unknown: return "BBBPRUNE_KERNELS names no kernels; \(remedy)"
    case bbb_kernels_unavailable:
      return "BBBPRUNE_KERNELS asks for kernels that this processor cannot run; \(remedy)"
    default: return nil
    }
  }

  /// What the kernels call it.
  package var kernelValue: bbb_instruction_set {
    switch self {
    case .plain: bbb_plain
    case .avx2: bbb_avx2
    case .avx512: bbb_avx512
    case .neon: bbb_neon
    }
  }
}
