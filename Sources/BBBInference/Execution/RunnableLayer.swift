import BBBKernels
import BBBNetwork
import CBBBKernels

/// A layer as it runs: numbered by ``UnitNumbering``, its weights in a form that kernels read.
final class RunnableLayer<Sparse: Sendable>: Sendable {
  /// The weights, in the form that is fastest.
  enum Weights: Sendable {
    case sparse(Sparse)
    case dense(DensePanels)
  }

  let inputCount: Int
  let outputCount: Int
  let weights: Weights
  private let biases: AlignedBuffer<Float>
  private let activation: Activation
  private let hasWideIndices: Bool

  /// Creates a layer.
  ///
  /// - Parameters:
  ///   - columns: Its weights, numbered as the network runs.
  ///   - biases: One for each output, as they are numbered.
  ///   - activation: What follows.
  ///   - panels: The weights as panels, if they run so.
  ///   - sparse: Makes the sparse form, with indices of 32 bits or of 16.
  init(
    _ columns: NumberedColumns, biases: [Float], _ activation: Activation, panels: DensePanels?,
    sparse: (NumberedColumns, _ hasWideIndices: Bool) -> Sparse
  ) {
    inputCount = columns.inputCount
    outputCount = columns.outputCount
    self.biases = AlignedBuffer(biases)
    self.activation = activation
    hasWideIndices = IndexBuffer.mustBeWide(
      for: max(inputCount, outputCount + Int(BBB_GROUP_WEIGHTS)))
    weights = panels.map { .dense($0) } ?? .sparse(sparse(columns, hasWideIndices))
  }

  /// Applies the activations that the layers' own kernels leave out.
  fileprivate func activate(
    _ outputs: UnsafeMutablePointer<Float>, count: Int, _ set: InstructionSet
  ) {
    guard let kernel = activation.kernelValue else { return }
    bbb_activate(set.kernelValue, kernel, count, outputs)
  }

  /// What the kernels read; valid as long as the layer is.
  fileprivate var kernelArgument: bbb_layer {
    bbb_layer(
      input_count: inputCount, output_count: outputCount, bias: biases.start,
      rectifies: activation == .relu ? 1 : 0, has_wide_indices: hasWideIndices ? 1 : 0)
  }
}

extension RunnableLayer<SlicedRows> {
  /// Applies the layer to a tile.
  ///
  /// - Parameters:
  ///   - input: (inputs + 1, width); the last row is zero.
  ///   - output: (outputs + 1, width); overwritten, the last row with zeros.
  ///   - width: `BBB_NARROW_TILE` or `BBB_WIDE_TILE`.
  ///   - set: The kernels to run.
  func apply(
    to input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>, width: Int,
    _ set: InstructionSet
  ) {
    // SAFETY: the caller has made room for a row more than there are units; every index was made
    // from a checked layer. The buffers outlive the call, since `self` does.
    withExtendedLifetime(self) {
      var layer = kernelArgument
      switch weights {
      case .sparse(let rows):
        var rows = rows.kernelArgument
        bbb_sparse_layer_on_tile(set.kernelValue, &layer, &rows, width, input, output)
      case .dense(let panels):
        bbb_dense_layer_on_tile(
          set.kernelValue, &layer, panels.kernelArgument, width, input, output)
      }
      activate(output, count: outputCount * width, set)
    }
  }
}

extension RunnableLayer<GroupedColumns> {
  /// Applies the layer to one vector.
  ///
  /// - Parameters:
  ///   - input: inputs.
  ///   - output: Room for a panel more than there are outputs; overwritten.
  ///   - active: Room for 16 more than there are inputs; overwritten.
  ///   - set: The kernels to run.
  func apply(
    to input: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>,
    active: UnsafeMutablePointer<UInt32>, _ set: InstructionSet
  ) {
    // SAFETY: as above.
    withExtendedLifetime(self) {
      var layer = kernelArgument
      switch weights {
      case .sparse(let columns):
        var columns = columns.kernelArgument
        bbb_sparse_layer_on_vector(set.kernelValue, &layer, &columns, input, output, active)
      case .dense(let panels):
        bbb_dense_layer_on_vector(
          set.kernelValue, &layer, panels.kernelArgument, input, output, active)
      }
      activate(output, count: outputCount, set)
    }
  }
}
