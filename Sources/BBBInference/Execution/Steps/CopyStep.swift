/// Copies the elements of values one behind another: what joins values, and what flattens one that is added to another.
final class CopyStep: Sendable {
  /// Numbers that stand side by side in both.
  private struct Run {
    var source: Int
    var target: Int
    var count: Int
  }

  let inputs: [Operand]
  let output: Operand
  /// In the arena.
  private let runs: [Run]

  /// Creates a step.
  ///
  /// - Parameters:
  ///   - inputs: What is read, in the order in which the elements follow each other.
  ///   - output: What they become.
  init(_ inputs: [Operand], to output: Operand) {
    self.inputs = inputs
    self.output = output
    let sources = inputs.flatMap { input in input.layout.numbers.map { ($0 ?? 0) + input.offset } }
    let targets = output.layout.numbers.map { ($0 ?? 0) + output.offset }
    var runs: [Run] = []
    for (source, target) in zip(sources, targets).sorted(by: { $0.1 < $1.1 }) {
      if let last = runs.last, last.source + last.count == source,
        last.target + last.count == target
      {
        runs[runs.count - 1].count += 1
      } else {
        runs.append(Run(source: source, target: target, count: 1))
      }
    }
    self.runs = runs
  }

  func run(_ arena: UnsafeMutablePointer<Float>, width: Int) {
    for run in runs {
      (arena + run.target * width).update(
        from: arena + run.source * width, count: run.count * width)
    }
    output.finish(arena, width: width)
  }
}
