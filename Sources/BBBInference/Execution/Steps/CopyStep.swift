/// Copies elements of values elsewhere, and puts zeros where there are none: what joins, takes apart or pads values, and what
/// flattens one that something is computed with.
final class CopyStep: Sendable {
  /// Numbers that stand side by side in both.
  private struct Run {
    /// `nil` for zeros.
    var source: Int?
    var target: Int
    var count: Int

    /// Whether a number is the next of the run.
    func continues(with source: Int?, at target: Int) -> Bool {
      target == self.target + count && source == self.source.map { $0 + count }
    }
  }

  let inputs: [Operand]
  let output: Operand
  /// In the arena.
  private let runs: [Run]

  /// Creates a step.
  ///
  /// - Parameters:
  ///   - inputs: What is read.
  ///   - elements: For each element of the result the one that it is, of the one value that is read then; `nil` for a zero. All of
  ///     several values, one behind the other, by default.
  ///   - output: What they become.
  init(_ inputs: [Operand], elements: [Int?]? = nil, to output: Operand) {
    self.inputs = inputs
    self.output = output
    let sources = inputs.flatMap { input in
      let numbers = elements.map(input.layout.numbers(of:)) ?? input.layout.numbers
      return numbers.map { number in number.map { $0 + input.offset } }
    }
    let targets = output.layout.numbers.map { ($0 ?? 0) + output.offset }
    var runs: [Run] = []
    for (source, target) in zip(sources, targets).sorted(by: { $0.1 < $1.1 }) {
      if runs.last?.continues(with: source, at: target) == true {
        runs[runs.count - 1].count += 1
      } else {
        runs.append(Run(source: source, target: target, count: 1))
      }
    }
    self.runs = runs
  }

  func run(_ arena: UnsafeMutablePointer<Float>, width: Int) {
    for run in runs {
      let target = arena + run.target * width
      if let source = run.source {
        target.update(from: arena + source * width, count: run.count * width)
      } else {
        target.update(repeating: 0, count: run.count * width)
      }
    }
    output.finish(arena, width: width)
  }
}
