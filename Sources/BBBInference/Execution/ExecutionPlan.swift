import Synchronization

/// How a model runs: the forms of its weights that kernels read, each made when it is first needed.
final class ExecutionPlan: Sendable {
  private let layers: [SparseLayer]
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

  /// Plans for a model's layers; nothing is made yet.
  init(_ layers: [SparseLayer], _ choice: FormChoice = .fastest) {
    self.layers = layers
    self.choice = choice
    vectorLimit = BreakEven.vectorLimit(layers)
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
      let network = forms.moments ?? MomentNetwork(layers)
      forms.moments = network
      return network
    }
  }

  private func makeNetwork<Sparse>(
    _ forms: inout Forms, isDense: (NumberedColumns) -> Bool,
    _ sparse: (NumberedColumns, _ hasWideIndices: Bool) -> Sparse
  ) -> RunnableNetwork<Sparse> {
    let numbering = forms.numbering ?? UnitNumbering(layers)
    forms.numbering = numbering
    let runnable = layers.enumerated().map { index, layer in
      let outputs = numbering.outputs(ofLayer: index)
      let columns = NumberedColumns(
        layer, inputs: numbering.inputs[index], outputs: outputs,
        inputCounts: numbering.inputCounts[index])
      var panels: DensePanels?
      if choice.isDense ?? isDense(columns) {
        panels = forms.panels[index] ?? DensePanels(columns)
        forms.panels[index] = panels
      }
      return RunnableLayer(layer, columns, outputs: outputs, panels: panels, sparse: sparse)
    }
    return RunnableNetwork(
      inputs: numbering.inputs[0], inputCount: layers[0].inputCount, layers: runnable)
  }
}
