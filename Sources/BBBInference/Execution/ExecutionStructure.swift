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
    /// The panels of matrices that run dense.
    var panels: [MatrixArrangement: DensePanels] = [:]
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
        ?? program.matrices.map { matrix in
          let pattern = patterns[matrix.parameter]
          let isDense = BreakEven.isDenseOnTiles(
            weights: pattern.count, columns: matrix.columns.count, rows: matrix.rows.count)
          return choice.isDense ?? isDense
            ? .panels(panels(matrix, &parts)) : .sliced(SlicedRows(columns(matrix), for: matrix))
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
        ?? program.matrices.map { matrix in
          // A line's positions are the lanes, as examples are a tile's.
          if matrix.isConvolution { return .sliced(SlicedRows(columns(matrix), for: matrix)) }
          let pattern = patterns[matrix.parameter]
          let isDense = BreakEven.isDenseForVectors(
            weights: pattern.count, columns: matrix.columns.count, rows: matrix.rows.count)
          return choice.isDense ?? isDense
            ? .panels(panels(matrix, &parts))
            : .grouped(GroupedColumns(columns(matrix), for: matrix))
        }
      parts.exampleForms = forms
      return (program, forms)
    }
  }

  private func panels(_ matrix: MatrixArrangement, _ parts: inout Parts) -> DensePanels {
    let panels = parts.panels[matrix] ?? DensePanels(patterns[matrix.parameter], for: matrix)
    parts.panels[matrix] = panels
    return panels
  }

  /// The weights of a matrix by column, as it runs.
  private func columns(_ matrix: MatrixArrangement) -> ArrangedPattern {
    ArrangedPattern(patterns[matrix.parameter]).transposed(
      rows: matrix.rows, units: matrix.columns)
  }
}
