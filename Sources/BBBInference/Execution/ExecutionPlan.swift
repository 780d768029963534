import Synchronization

/// How a model runs: its weights in the forms that kernels read, each made when it is first needed.
final class ExecutionPlan: Sendable {
  let structure: ExecutionStructure
  private let matrices: [SparseMatrix]
  private let forms = Mutex(Forms())

  private struct Forms {
    var tiles: RunnableProgram?
    var examples: RunnableProgram?
    var moments: MomentProgram?
  }

  /// Plans for a model; nothing is made yet.
  init(_ structure: ExecutionStructure, _ matrices: [SparseMatrix]) {
    self.structure = structure
    self.matrices = matrices
  }

  /// What runs tiles.
  func tileProgram() -> RunnableProgram {
    forms.withLock { plan in
      let program =
        plan.tiles
        ?? RunnableProgram(structure.tileForms(), matrices.map { ($0.values, $0.biases) })
      plan.tiles = program
      return program
    }
  }

  /// What runs single examples.
  func exampleProgram() -> RunnableProgram {
    forms.withLock { plan in
      let program =
        plan.examples
        ?? RunnableProgram(structure.exampleForms(), matrices.map { ($0.values, $0.biases) })
      plan.examples = program
      return program
    }
  }

  /// What means and variances pass.
  func momentProgram() -> MomentProgram {
    forms.withLock { plan in
      let program = plan.moments ?? MomentProgram(structure.tileForms(), matrices)
      plan.moments = program
      return program
    }
  }
}
