/// Adds two values, element by element.
final class AddStep: Sendable {
  let inputs: (Operand, Operand)
  let output: Operand

  init(_ one: Operand, _ other: Operand, to output: Operand) {
    inputs = (one, other)
    self.output = output
  }

  func run(_ arena: UnsafeMutablePointer<Float>, width: Int) {
    let one = inputs.0.start(arena, width: width)
    let other = inputs.1.start(arena, width: width)
    let sum = output.start(arena, width: width)
    for index in 0..<output.layout.count * width { sum[index] = one[index] + other[index] }
    output.finish(arena, width: width)
  }
}
