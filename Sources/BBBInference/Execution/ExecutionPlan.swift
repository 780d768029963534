import BBBNetwork
import Synchronization

/// How a model runs: the forms of its weights that kernels read, each made when it is first needed.
final class ExecutionPlan: Sendable {
  private let matrices: [SparseMatrix]
  /// What follows each matrix.
  private let activations: [Activation]
  private let choice: FormChoice
  private let forms = Mutex(Forms())
  /// The most examples that are faster one by one than as a tile.
  private let vectorLimit: Int

  private struct Forms {
    var numbering: UnitNumbering?
    /// The panels of layers that run dense, by layer.
    var panels: [Int: DensePanels] = [:]
    var tiles: RunnableNetwork<SlicedRows>?
    var vectors: RunnableNetwork<GroupedColumns>?
    var moments: MomentNetwork?
  }

  /// Plans for a model; nothing is made yet.
  init(_ network: Network, _ matrices: [SparseMatrix], _ choice: FormChoice = .fastest) {
    guard let chain = Chain(network) else {
      fatalError("only multilayer perceptrons can be run")
    }
    self.matrices = matrices
    activations = chain.activations
    self.choice = choice
    vectorLimit = BreakEven.vectorLimit(matrices)
  }

  /// How to compute the next examples of a batch.
  ///
  /// - Parameter left: How many examples are left, at least 1.
  /// - Returns: How many to take, and how wide the tile is; 1 is a single vector.
  func nextPart(of left: Int) -> (count: Int, width: Int) {
    if left <= vectorLimit { return (1, 1) }
    let isNarrow = left <= Workspace.narrowTile + vectorLimit
    let width = isNarrow ? Workspace.narrowTile : Workspace.wideTile
    return (min(left, width), width)
  }

  /// The network for tiles.
  func tileNetwork() -> RunnableNetwork<SlicedRows> {
    forms.withLock { forms in
      let network =
        forms.tiles ?? makeNetwork(&forms, isDense: BreakEven.isDenseOnTiles, SlicedRows.init)
      forms.tiles = network
      return network
    }
  }

  /// The network for single vectors.
  func vectorNetwork() -> RunnableNetwork<GroupedColumns> {
    forms.withLock { forms in
      let network =
        forms.vectors
        ?? makeNetwork(&forms, isDense: BreakEven.isDenseForVectors, GroupedColumns.init)
      forms.vectors = network
      return network
    }
  }

  /// The network that means and variances pass.
  func momentNetwork() -> MomentNetwork {
    forms.withLock { forms in
      let network = forms.moments ?? MomentNetwork(matrices, activations)
      forms.moments = network
      return network
    }
  }

  private func makeNetwork<Sparse>(
    _ forms: inout Forms, isDense: (SparsePattern) -> Bool,
    _ sparse: (NumberedColumns, _ hasWideIndices: Bool) -> Sparse
  ) -> RunnableNetwork<Sparse> {
    let numbering = forms.numbering ?? UnitNumbering(matrices.map(\.pattern))
    forms.numbering = numbering
    let runnable = matrices.enumerated().map { index, matrix in
      let outputs = numbering.outputs(ofLayer: index)
      let columns = NumberedColumns(
        matrix, inputs: numbering.inputs[index], outputs: outputs)
      var panels: DensePanels?
      if choice.isDense ?? isDense(columns.pattern) {
        panels = forms.panels[index] ?? DensePanels(columns)
        forms.panels[index] = panels
      }
      return RunnableLayer(
        columns, biases: outputs.map { matrix.biases[$0] }, activations[index], panels: panels,
        sparse: sparse)
    }
    return RunnableNetwork(
      inputs: numbering.inputs[0], inputCount: matrices[0].columnCount, layers: runnable)
  }
}
