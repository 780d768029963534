import BBBNetwork
import Synchronization

/// How the network of a model runs, apart from the values of its weights: made when it is first needed, and shared by
/// all models of one structure, such as draws.
package final class ExecutionStructure: Sendable {
  let network: Network
  let patterns: [SparsePattern]
  private let choice: FormChoice
  private let parts = Mutex(Parts())
  /// The most examples that are faster one by one than as a tile.
  private let vectorLimit: Int
  /// ``Program/widestTile``, so that single predictions take no lock for it; 0 before it is known.
  private let widestTile = Atomic(0)

  private struct Parts {
    var program: Program?
    var tileForms: [MatrixForm]?
    var exampleForms: [MatrixForm]?
    /// The panels of matrices that run dense, by parameter.
    var panels: [Int: DensePanels] = [:]
  }

  /// Prepares to run a network; nothing is made yet.
  init(_ network: Network, _ patterns: [SparsePattern], _ choice: FormChoice = .fastest) {
    self.network = network
    self.patterns = patterns
    self.choice = choice
    vectorLimit = BreakEven.vectorLimit(network, patterns)
  }

  /// The steps.
  var program: Program { parts.withLock { program(&$0) } }

  private func program(_ parts: inout Parts) -> Program {
    let program = parts.program ?? Program(network, patterns)
    parts.program = program
    return program
  }

  /// How to compute the next examples of a batch.
  ///
  /// - Parameter left: How many examples are left, at least 1.
  /// - Returns: How many to take, and how wide the tile is; 1 is a single example.
  func nextPart(of left: Int) -> (count: Int, width: Int) {
    var widest = widestTile.load(ordering: .relaxed)
    if widest == 0 {
      widest = program.widestTile
      widestTile.store(widest, ordering: .relaxed)
    }
    if left <= vectorLimit || widest == 1 { return (1, 1) }
    let isNarrow = left <= Workspace.narrowTile + vectorLimit
    let width = isNarrow ? Workspace.narrowTile : widest
    return (min(left, width), width)
  }

  /// The forms of the matrices on tiles.
  func tileForms() -> (Program, [MatrixForm]) {
    parts.withLock { parts in
      let program = program(&parts)
      let forms =
        parts.tileForms
        ?? program.matrices.map { step in
          let pattern = patterns[step.parameter]
          let isDense = BreakEven.isDenseOnTiles(
            weights: pattern.count, columns: step.columns.count, rows: step.rows.count)
          return choice.isDense ?? isDense
            ? .panels(panels(step, &parts)) : .sliced(SlicedRows(columns(step), for: step))
        }
      parts.tileForms = forms
      return (program, forms)
    }
  }

  /// The forms of the matrices for single examples.
  func exampleForms() -> (Program, [MatrixForm]) {
    parts.withLock { parts in
      let program = program(&parts)
      let forms =
        parts.exampleForms
        ?? program.matrices.map { step in
          // A line's positions are the lanes, as examples are a tile's.
          if step.isConvolution { return .sliced(SlicedRows(columns(step), for: step)) }
          let pattern = patterns[step.parameter]
          let isDense = BreakEven.isDenseForVectors(
            weights: pattern.count, columns: step.columns.count, rows: step.rows.count)
          return choice.isDense ?? isDense
            ? .panels(panels(step, &parts)) : .grouped(GroupedColumns(columns(step), for: step))
        }
      parts.exampleForms = forms
      return (program, forms)
    }
  }

  private func panels(_ step: MatrixStep, _ parts: inout Parts) -> DensePanels {
    let panels = parts.panels[step.parameter] ?? DensePanels(patterns[step.parameter], for: step)
    parts.panels[step.parameter] = panels
    return panels
  }

  /// The weights of a step by column, as it runs.
  private func columns(_ step: MatrixStep) -> ArrangedPattern {
    ArrangedPattern(patterns[step.parameter]).transposed(rows: step.rows, units: step.columns)
  }
}
