import CBBBKernels

/// A number that a network takes as input: a float as it is, or a byte to be scaled.
public protocol NetworkInput: Sendable {
  /// The input of the first layer.
  ///
  /// - Parameter scale: The model's ``CompactModel/inputScale``; floats ignore it.
  /// - Returns: The number that the first layer's weights multiply.
  func networkInput(scale: Float) -> Float
}

extension Float: NetworkInput {
  /// The number itself: floats are taken as already scaled.
  @inlinable
  public func networkInput(scale: Float) -> Float { self }
}

extension UInt8: NetworkInput {
  /// The byte times the scale, as for pixels.
  @inlinable
  public func networkInput(scale: Float) -> Float { Float(self) * scale }
}

extension CompactModel {
  /// Computes the raw outputs (logits, for a classifier) of a batch, without allocating.
  ///
  /// The result for an example does not depend on the batch it is in.
  ///
  /// - Parameters:
  ///   - inputs: (examples, ``inputCount``), row-major; bytes are multiplied by ``inputScale``.
  ///   - outputs: (examples, ``outputCount``), row-major; overwritten.
  ///   - workspace: Scratch memory made for this model.
  /// - Precondition: `inputs` holds whole examples, `outputs` has room for exactly as many, and
  ///   `workspace` was made for a model at least as wide.
  public func computeOutputs<Input: NetworkInput>(
    for inputs: Span<Input>, into outputs: inout MutableSpan<Float>, workspace: inout Workspace
  ) {
    let exampleCount = inputs.count / inputCount
    precondition(exampleCount * inputCount == inputs.count, "inputs are not whole examples")
    precondition(outputs.count == exampleCount * outputCount, "outputs have another size")
    precondition(workspace.suits(self), "the workspace was made for a smaller model")
    for first in stride(from: 0, to: exampleCount, by: Workspace.tileWidth) {
      let examples = first..<min(first + Workspace.tileWidth, exampleCount)
      loadTile(inputs, examples, into: &workspace.input)
      for layer in layers {
        layer.apply(to: workspace.input, into: &workspace.output)
        swap(&workspace.input, &workspace.output)
      }
      storeTile(workspace.input, examples, into: &outputs)
    }
  }

  /// Computes the class probabilities of a batch, the softmax of its outputs, without allocating.
  ///
  /// - Parameters:
  ///   - inputs: (examples, ``inputCount``), row-major; bytes are multiplied by ``inputScale``.
  ///   - probabilities: (examples, ``outputCount``), row-major; overwritten.
  ///   - workspace: Scratch memory made for this model.
  /// - Precondition: As for ``computeOutputs(for:into:workspace:)``.
  public func computeProbabilities<Input: NetworkInput>(
    for inputs: Span<Input>, into probabilities: inout MutableSpan<Float>,
    workspace: inout Workspace
  ) {
    computeOutputs(for: inputs, into: &probabilities, workspace: &workspace)
    for start in stride(from: 0, to: probabilities.count, by: outputCount) {
      softmax(&probabilities, in: start..<(start + outputCount))
    }
  }

  /// Copies examples into a tile, [feature][tile]; what the batch does not fill is zero.
  private func loadTile<Input: NetworkInput>(
    _ inputs: Span<Input>, _ examples: Range<Int>, into tile: inout [Float]
  ) {
    let width = Workspace.tileWidth
    let scale = Float(inputScale)
    let count = inputCount
    // SAFETY: `suits` was checked: the tile has room for `inputCount` features of `width` lanes.
    tile.withUnsafeMutableBufferPointer { tile in
      for (lane, example) in examples.enumerated() {
        for feature in 0..<count {
          tile[feature * width + lane] = inputs[example * count + feature].networkInput(
            scale: scale)
        }
      }
      for lane in examples.count..<width {
        for feature in 0..<count { tile[feature * width + lane] = 0 }
      }
    }
  }

  private func storeTile(
    _ tile: [Float], _ examples: Range<Int>, into outputs: inout MutableSpan<Float>
  ) {
    for (lane, example) in examples.enumerated() {
      for output in 0..<outputCount {
        outputs[example * outputCount + output] = tile[output * Workspace.tileWidth + lane]
      }
    }
  }

  /// The raw outputs (logits, for a classifier) of a batch.
  ///
  /// - Parameter inputs: (examples, ``inputCount``), row-major; bytes are multiplied by
  ///   ``inputScale``.
  /// - Returns: (examples, ``outputCount``), row-major.
  public func predictOutputs<Input: NetworkInput>(for inputs: [Input]) -> [Float] {
    var outputs = [Float](repeating: 0, count: inputs.count / inputCount * outputCount)
    var workspace = Workspace(for: self)
    var span = outputs.mutableSpan
    computeOutputs(for: inputs.span, into: &span, workspace: &workspace)
    return outputs
  }

  /// The class probabilities of a batch: the softmax of the outputs.
  ///
  /// - Parameter inputs: (examples, ``inputCount``), row-major; bytes are multiplied by
  ///   ``inputScale``.
  /// - Returns: (examples, ``outputCount``), row-major; each example's sum is 1.
  public func predictProbabilities<Input: NetworkInput>(for inputs: [Input]) -> [Float] {
    var probabilities = [Float](repeating: 0, count: inputs.count / inputCount * outputCount)
    var workspace = Workspace(for: self)
    var span = probabilities.mutableSpan
    computeProbabilities(for: inputs.span, into: &span, workspace: &workspace)
    return probabilities
  }
}

extension SparseLayer {
  /// Applies the layer to one tile, [feature][tile], by the fastest kernel or the one given.
  func apply(
    to input: [Float], into output: inout [Float], instructionSet: InstructionSet = .best
  ) {
    precondition(input.count >= inputCount * Workspace.tileWidth)
    precondition(output.count >= outputCount * Workspace.tileWidth)
    output.withUnsafeMutableBufferPointer { output in
      // SAFETY: the sizes were checked above, and `init` checked that every column is an input.
      bbb_sparse_layer(
        instructionSet.kernelValue, rowStarts, columns, values, biases, outputCount,
        activation == .rectifiedLinear ? 1 : 0, input, output.baseAddress)
    }
  }
}
