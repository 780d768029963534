import BBBKernels

/// A program and the weights that it multiplies by.
///
/// A class: a prediction of microseconds should not count references of every array.
final class RunnableProgram: Sendable {
  let program: Program
  /// By parameter.
  let matrices: [RunnableMatrix]

  /// Puts weights into the forms that a program has for them.
  ///
  /// - Parameters:
  ///   - prepared: The program, and a form for each parameter.
  ///   - values: The weights of each parameter in the order of its pattern, and its biases.
  init(
    _ prepared: (program: Program, forms: [MatrixForm]),
    _ values: [(weights: [Float], biases: [Float])]
  ) {
    program = prepared.program
    matrices = zip(prepared.program.matrices, prepared.forms).map { step, form in
      let values = values[step.parameter]
      return RunnableMatrix(form, for: step, weights: values.weights, biases: values.biases)
    }
  }

  /// Computes the output of a tile whose input is in the arena.
  func runOnTile(
    _ arena: UnsafeMutablePointer<Float>, width: Int, _ set: InstructionSet
  ) {
    for step in program.steps {
      switch step {
      case .matrix(let step):
        step.run(matrices[step.parameter], arena, width: width, set)
      case .activation(let step): step.run(arena, width: width, set)
      case .pool(let step): step.run(arena, width: width, set)
      case .add(let step): step.run(arena, width: width)
      case .copy(let step): step.run(arena, width: width)
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
        step.runOnExample(matrices[step.parameter], arena, active: active, set)
      case .activation(let step): step.run(arena, width: 1, set)
      case .pool(let step): step.run(arena, width: 1, set)
      case .add(let step): step.run(arena, width: 1)
      case .copy(let step): step.run(arena, width: 1)
      }
    }
  }
}
