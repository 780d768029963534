import BBBKernels
import CBBBKernels

/// Computes something of each line of a value: its softmax, or what is left of its mean and variance.
final class LinesStep: Sendable {
  /// What is computed.
  enum Kind: Sendable {
    case softmax
    case normalise(epsilon: Float)
  }

  let kind: Kind
  let input: Operand
  let output: Operand
  private let lines: Lines

  /// Creates a step.
  ///
  /// - Parameters:
  ///   - kind: What is computed.
  ///   - lines: Of which elements, in what is read and in what it becomes, which are laid out alike.
  ///   - input: What is read.
  ///   - output: What it becomes; it may take the same memory.
  init(_ kind: Kind, _ lines: Lines, from input: Operand, to output: Operand) {
    self.kind = kind
    self.lines = lines
    self.input = input
    self.output = output
  }

  func run(_ arena: UnsafeMutablePointer<Float>, width: Int, _ set: InstructionSet) {
    let (source, target) = (input.start(arena, width: width), output.start(arena, width: width))
    // SAFETY: every number lies in its value's memory, as the layouts were made; the buffers outlive the call, since `self`
    // does.
    withExtendedLifetime(self) {
      var lines = lines.kernelArgument
      switch kind {
      case .softmax: bbb_softmax(set.kernelValue, &lines, width, source, target)
      case .normalise(let epsilon):
        bbb_normalise(set.kernelValue, &lines, epsilon, width, source, target)
      }
    }
    output.finish(arena, width: width)
  }
}
