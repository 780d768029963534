import BBBKernels
import BBBNetwork
import CBBBKernels

/// Multiplies a value by a matrix, once or at every place of a kernel.
final class MatrixStep: Sendable {
  /// The number among the program's matrices.
  let number: Int
  /// What follows.
  let activation: Activation
  let input: Operand
  let output: Operand
  /// Whether what is read depends on no weight, and so has no variance.
  let inputIsCertain: Bool
  private let tilePlaces: Places
  /// The places of one example, of which neighbours on a line are taken together.
  private let linePlaces: Places

  /// Creates a step.
  ///
  /// - Parameters:
  ///   - number: The number among the program's matrices.
  ///   - matrix: The operation.
  ///   - activation: What follows.
  ///   - input: What is read.
  ///   - output: What it becomes.
  ///   - inputIsCertain: Whether what is read depends on no weight.
  init(
    number: Int, _ matrix: Matrix, followedBy activation: Activation,
    from input: Operand, to output: Operand, inputIsCertain: Bool
  ) {
    self.number = number
    self.activation = activation
    self.input = input
    self.output = output
    self.inputIsCertain = inputIsCertain
    let (source, target) = (input.layout.plane, output.layout.plane)
    if let window = matrix.window {
      let firsts = Plane.tuples(target.positions).map { output in
        source.number(at: output.indices.map { window.axes[$0].position(output[$0], 0) })
      }
      tilePlaces = Places(inputs: firsts, outputs: target.numbers)
      linePlaces = Places(
        inputs: firsts, outputs: target.numbers, lineLength: target.positions.last ?? 1,
        stride: window.axes.last?.stride ?? 1)
    } else {
      tilePlaces = Places(inputs: [0], outputs: [0])
      linePlaces = tilePlaces
    }
  }

  /// Multiplies the lanes of a tile.
  func runOnTile(
    _ matrix: RunnableMatrix, _ arena: UnsafeMutablePointer<Float>, width: Int,
    rectifies: Bool, _ set: InstructionSet
  ) {
    let (source, target) = (input.start(arena, width: width), output.start(arena, width: width))
    // SAFETY: the layouts have room for what the kernels read and write; every index was made from a checked pattern. The
    // buffers outlive the call, since their owners do.
    withExtendedLifetime((self, matrix)) {
      var places = tilePlaces.kernelArgument(stride: output.layout.plane.count)
      var argument = matrix.kernelArgument(rectifies: rectifies)
      switch matrix.form {
      case .sliced(let rows):
        var rows = rows.kernelArgument(matrix.values)
        bbb_sparse_matrix_on_tile(
          set.kernelValue, &argument, &rows, &places, width, source, target)
      case .panels(let panels):
        var panels = panels.kernelArgument(matrix.values)
        bbb_dense_matrix_on_tile(
          set.kernelValue, &argument, &panels, &places, width, source, target)
      case .grouped: preconditionFailure("columns are for single vectors")
      }
    }
  }

  /// Multiplies one example.
  ///
  /// - Parameters:
  ///   - matrix: The weights.
  ///   - arena: The arena.
  ///   - active: Room for 16 more than there are inputs; overwritten.
  ///   - set: The kernels to run.
  func runOnExample(
    _ matrix: RunnableMatrix, _ arena: UnsafeMutablePointer<Float>,
    active: UnsafeMutablePointer<UInt32>, _ set: InstructionSet
  ) {
    let (source, target) = (input.start(arena, width: 1), output.start(arena, width: 1))
    // SAFETY: as above.
    withExtendedLifetime((self, matrix)) {
      var argument = matrix.kernelArgument(rectifies: activation == .relu)
      switch matrix.form {
      case .sliced(let rows):
        var places = linePlaces.kernelArgument(stride: output.layout.plane.count)
        var rows = rows.kernelArgument(matrix.values)
        bbb_sparse_matrix_on_lines(set.kernelValue, &argument, &rows, &places, source, target)
      case .grouped(let columns):
        var columns = columns.kernelArgument(matrix.values)
        bbb_sparse_matrix_on_vector(
          set.kernelValue, &argument, &columns, source, target, active)
      case .panels(let panels):
        var panels = panels.kernelArgument(matrix.values)
        bbb_dense_matrix_on_vector(set.kernelValue, &argument, &panels, source, target, active)
      }
    }
    finish(arena, width: 1, set)
  }

  /// Multiplies the lanes of a tile, and applies what follows.
  func run(
    _ matrix: RunnableMatrix, _ arena: UnsafeMutablePointer<Float>, width: Int,
    _ set: InstructionSet
  ) {
    runOnTile(matrix, arena, width: width, rectifies: activation == .relu, set)
    finish(arena, width: width, set)
  }

  /// Applies what the kernels leave out.
  private func finish(
    _ arena: UnsafeMutablePointer<Float>, width: Int, _ set: InstructionSet
  ) {
    if activation != .relu, let kernel = activation.kernelValue {
      bbb_activate(
        set.kernelValue, kernel, output.layout.count * width, output.start(arena, width: width))
    }
    output.finish(arena, width: width)
  }
}

/// Where a matrix is applied, in numbers.
private struct Places: Sendable {
  private let inputs: AlignedBuffer<UInt32>
  private let outputs: AlignedBuffer<UInt32>
  private let lanes: AlignedBuffer<UInt8>

  /// Every place by itself.
  init(inputs: [Int], outputs: [Int]) {
    self.inputs = AlignedBuffer(inputs.map(UInt32.init))
    self.outputs = AlignedBuffer(outputs.map(UInt32.init))
    lanes = AlignedBuffer(repeating: 1, count: inputs.count)
  }

  /// Neighbouring places of each line together, where their windows are neighbours too.
  init(inputs: [Int], outputs: [Int], lineLength: Int, stride: Int) {
    let most = stride == 1 ? Int(BBB_LINE_LANES) : 1
    let starts = Swift.stride(from: 0, to: inputs.count, by: lineLength).flatMap { line in
      Swift.stride(from: line, to: line + lineLength, by: most).map { start in
        (start: start, lanes: UInt8(min(most, line + lineLength - start)))
      }
    }
    self.inputs = AlignedBuffer(starts.map { UInt32(inputs[$0.start]) })
    self.outputs = AlignedBuffer(starts.map { UInt32(outputs[$0.start]) })
    lanes = AlignedBuffer(starts.map(\.lanes))
  }

  /// What the kernels read; valid as long as the places are.
  func kernelArgument(stride: Int) -> bbb_places {
    bbb_places(
      count: inputs.count, inputs: inputs.start, outputs: outputs.start, lanes: lanes.start,
      output_stride: stride)
  }
}
