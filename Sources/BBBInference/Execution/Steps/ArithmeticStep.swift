import BBBKernels
import BBBNetwork
import CBBBKernels

/// Computes a value of two, element by element.
final class ArithmeticStep: Sendable {
  let arithmetic: Arithmetic
  let inputs: (Operand, Operand)
  let output: Operand
  private let runs: [bbb_arithmetic_run]

  /// Creates a step.
  ///
  /// - Parameters:
  ///   - arithmetic: What is computed.
  ///   - inputs: The operands.
  ///   - shapes: Their shapes, and the result's.
  ///   - output: What they become.
  init(
    _ arithmetic: Arithmetic, _ inputs: (Operand, Operand), _ shapes: (Shape, Shape, Shape),
    to output: Operand
  ) {
    self.arithmetic = arithmetic
    self.inputs = inputs
    self.output = output
    if inputs.0.layout === output.layout, inputs.1.layout === output.layout {
      // Zeros around the elements are computed too, and made zero again.
      runs = [
        bbb_arithmetic_run(
          result: 0, count: UInt32(output.layout.count), operands: (0, 0), steps: (1, 1))
      ]
    } else {
      runs = Self.runs(
        Self.numbers(inputs.0, shapes.0, shapes.2), Self.numbers(inputs.1, shapes.1, shapes.2),
        to: output.layout.numbers.map { UInt32($0 ?? 0) })
    }
  }

  /// The number that goes with each element of the result.
  private static func numbers(_ operand: Operand, _ shape: Shape, _ result: Shape) -> [UInt32] {
    let numbers = operand.layout.numbers.map { UInt32($0 ?? 0) }
    return shape == result ? numbers : shape.elements(broadcastTo: result).map { numbers[$0] }
  }

  private static func runs(
    _ one: [UInt32], _ other: [UInt32], to results: [UInt32]
  ) -> [bbb_arithmetic_run] {
    var runs: [bbb_arithmetic_run] = []
    for element in results.indices.sorted(by: { results[$0] < results[$1] }) {
      let next = (result: results[element], one[element], other[element])
      if runs.last?.isContinued(by: next) == true {
        runs[runs.count - 1].take(next)
      } else {
        runs.append(
          bbb_arithmetic_run(
            result: next.result, count: 1, operands: (next.1, next.2), steps: (1, 1)))
      }
    }
    return runs
  }

  func run(_ arena: UnsafeMutablePointer<Float>, width: Int, _ set: InstructionSet) {
    compute(arithmetic, arena, width: width, set)
    output.finish(arena, width: width)
  }

  /// Computes something of the two values, which moments of sums are, too.
  func compute(
    _ arithmetic: Arithmetic, _ arena: UnsafeMutablePointer<Float>, width: Int,
    _ set: InstructionSet
  ) {
    // SAFETY: every number lies in its value's memory, as the layouts were made. An operand that shares the result's memory
    // shares its layout, and so has the numbers of the result.
    bbb_compute(
      set.kernelValue, arithmetic.kernelValue, runs, runs.count, width,
      inputs.0.start(arena, width: width), inputs.1.start(arena, width: width),
      output.start(arena, width: width))
  }

  /// Calls for each number of the result, with the numbers in the arena that it is of.
  func forEachNumber(_ body: (_ result: Int, _ one: Int, _ other: Int) -> Void) {
    for run in runs {
      for place in 0..<Int(run.count) {
        body(
          output.offset + Int(run.result) + place,
          inputs.0.offset + Int(run.operands.0) + place * Int(run.steps.0),
          inputs.1.offset + Int(run.operands.1) + place * Int(run.steps.1))
      }
    }
  }
}

extension bbb_arithmetic_run {
  /// The results behind those of a run, and what they are of.
  fileprivate typealias Next = (result: UInt32, UInt32, UInt32)

  /// Whether a result is the next of the run.
  fileprivate func isContinued(by next: Next) -> Bool {
    guard next.result == result + count else { return false }
    // The second result decides how the operands go on.
    if count == 1 {
      return [next.1 &- operands.0, next.2 &- operands.1].allSatisfy { $0 <= 1 }
    }
    return next.1 == operands.0 + count * steps.0 && next.2 == operands.1 + count * steps.1
  }

  /// Takes the next result.
  fileprivate mutating func take(_ next: Next) {
    if count == 1 { steps = (next.1 - operands.0, next.2 - operands.1) }
    count += 1
  }
}

extension Arithmetic {
  /// What the kernels call it.
  fileprivate var kernelValue: bbb_arithmetic {
    switch self {
    case .add: bbb_add
    case .subtract: bbb_subtract
    case .multiply: bbb_multiply
    case .divide: bbb_divide
    case .minimum: bbb_minimum
    case .maximum: bbb_maximum
    case .power: bbb_power
    case .equal: bbb_equal
    case .less: bbb_less
    case .select: bbb_select
    }
  }
}
