import BBBKernels

/// A program as means and variances pass it: three sets of weights in one structure.
final class MomentProgram: Sendable {
  let program: Program
  /// Those of the means, μ.
  let means: RunnableProgram
  /// μ², which multiplies variances.
  let squaredMeans: RunnableProgram
  /// σ², which multiplies second moments.
  let variances: RunnableProgram

  /// Puts weights into the forms that a program has for them.
  ///
  /// - Parameters:
  ///   - prepared: The program for tiles, and a form for each of its matrices.
  ///   - matrices: The weights of each parameter, with standard deviations.
  init(_ prepared: (program: Program, forms: [MatrixForm]), _ matrices: [SparseMatrix]) {
    func runnable(
      _ values: (SparseMatrix, SparseMatrix.StandardDeviations) -> (
        weights: [Float], biases: [Float]
      )
    ) -> RunnableProgram {
      RunnableProgram(
        prepared,
        matrices.map { matrix in
          guard let deviations = matrix.standardDeviations else {
            fatalError("that there are standard deviations is checked before they are propagated")
          }
          return values(matrix, deviations)
        })
    }
    program = prepared.program
    means = runnable { matrix, _ in (matrix.values, matrix.biases) }
    squaredMeans = runnable { matrix, _ in
      (matrix.values.map { $0 * $0 }, matrix.biases.map { _ in 0 })
    }
    variances = runnable { _, deviations in
      (deviations.weights.map { $0 * $0 }, deviations.biases.map { $0 * $0 })
    }
  }

  /// Computes the moments of the output of a tile whose input's are in the arenas.
  func run(_ arenas: MomentArenas, width: Int, _ set: InstructionSet) {
    for step in program.steps {
      switch step {
      case .matrix(let step): step.propagate(self, arenas, width: width, set)
      case .activation(let step): step.propagate(arenas, width: width, set)
      case .pool(let step): step.propagate(arenas, width: width, set)
      case .arithmetic(let step): step.propagate(arenas, width: width, set)
      case .copy(let step): step.propagate(arenas, width: width)
      case .lines, .product:
        preconditionFailure("that there are rules is checked before moments are propagated")
      case .constant(let step): step.propagate(self, arenas, width: width)
      }
    }
  }
}
