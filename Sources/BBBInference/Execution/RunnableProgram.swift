import BBBKernels

/// A program and the weights that it multiplies by.
///
/// A class: a prediction of microseconds should not count references of every array.
final class RunnableProgram: Sendable {
  let program: Program
  /// By the program's matrices.
  let matrices: [RunnableMatrix]
  /// The numbers of the program's constants.
  let constants: [AlignedBuffer<Float>]

  /// Puts weights into the forms that a program has for them.
  ///
  /// - Parameters:
  ///   - prepared: The program, and a form for each of its matrices.
  ///   - values: The weights of each parameter in the order of its pattern, and its biases.
  init(
    _ prepared: (program: Program, forms: [MatrixForm]),
    _ values: [(weights: [Float], biases: [Float])]
  ) {
    program = prepared.program
    matrices = zip(prepared.program.matrices, prepared.forms).map { arrangement, form in
      let values = values[arrangement.parameter]
      return RunnableMatrix(
        form, for: arrangement, weights: values.weights, biases: values.biases)
    }
    constants = prepared.program.constants.map { $0.arranged(values[$0.parameter].biases) }
  }

  /// Computes the output of a tile whose input is in the arena.
  func runOnTile(
    _ arena: UnsafeMutablePointer<Float>, width: Int, _ set: InstructionSet
  ) {
    for step in program.steps {
      switch step {
      case .matrix(let step):
        step.run(matrices[step.number], arena, width: width, set)
      case .activation(let step): step.run(arena, width: width, set)
      case .pool(let step): step.run(arena, width: width, set)
      case .arithmetic(let step): step.run(arena, width: width, set)
      case .copy(let step): step.run(arena, width: width)
      case .lines(let step): step.run(arena, width: width, set)
      case .product(let step): step.run(arena, width: width, set)
      case .constant(let step): step.run(constants[step.number], arena, width: width)
      }
    }
  }

  /// Computes the output of one example whose input is in the arena.
  func runOnExample(
    _ arena: UnsafeMutablePointer<Float>, active: UnsafeMutablePointer<UInt32>,
    _ set: InstructionSet
  ) {
    for step in program.steps {
      switch step {
      case .matrix(let step):
        step.runOnExample(matrices[step.number], arena, active: active, set)
      case .activation(let step): step.run(arena, width: 1, set)
      case .pool(let step): step.run(arena, width: 1, set)
      case .arithmetic(let step): step.run(arena, width: 1, set)
      case .copy(let step): step.run(arena, width: 1)
      case .lines(let step): step.run(arena, width: 1, set)
      case .product(let step): step.run(arena, width: 1, set)
      case .constant(let step): step.run(constants[step.number], arena, width: 1)
      }
    }
  }
}
