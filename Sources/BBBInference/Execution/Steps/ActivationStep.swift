import BBBKernels
import BBBNetwork
import CBBBKernels

/// Applies a function to each element of a value.
final class ActivationStep: Sendable {
  let activation: Activation
  let input: Operand
  let output: Operand

  init(_ activation: Activation, from input: Operand, to output: Operand) {
    self.activation = activation
    self.input = input
    self.output = output
  }

  func run(_ arena: UnsafeMutablePointer<Float>, width: Int, _ set: InstructionSet) {
    let count = output.layout.count * width
    let (source, target) = (input.start(arena, width: width), output.start(arena, width: width))
    if input.offset != output.offset { target.update(from: source, count: count) }
    if let kernel = activation.kernelValue { bbb_activate(set.kernelValue, kernel, count, target) }
    output.finish(arena, width: width)
  }
}
