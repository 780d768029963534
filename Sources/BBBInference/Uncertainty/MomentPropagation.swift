import BBBKernels
import CBBBKernels

extension CompactModel {
  /// The means and variances of the outputs over the posterior, for a batch, in one pass.
  ///
  /// - Parameters:
  ///   - inputs: (examples, ``inputCount``), row-major; bytes become inputs by ``inputScaling``.
  ///   - threadCount: How many threads share the examples; the result does not depend on it.
  /// - Returns: The moments of each example's outputs; NaN where an input is not finite.
  /// - Throws: `CompactModelError`: `withoutUncertainty` unless ``hasUncertainty``, `mismatched` if `inputs` are not
  ///   whole examples.
  public func predictOutputMoments<Input: NetworkInput>(
    for inputs: [Input], threadCount: Int = 1
  ) throws(CompactModelError) -> OutputMoments {
    try predictOutputMoments(for: inputs, threadCount: threadCount, .best)
  }

  func predictOutputMoments<Input: NetworkInput>(
    for inputs: [Input], threadCount: Int, _ set: InstructionSet
  ) throws(CompactModelError) -> OutputMoments {
    try checkUncertainty()
    let exampleCount = try exampleCount(ofInputs: inputs.count)
    let network = plan.momentNetwork()
    var variances: [Float] = []
    let means = [Float](unsafeUninitializedCapacity: exampleCount * outputCount) { means, count in
      count = exampleCount * outputCount
      variances = [Float](unsafeUninitializedCapacity: count) { variances, count in
        count = exampleCount * outputCount
        // SAFETY: each part writes its own examples' moments, every one of them.
        nonisolated(unsafe) let (means, variances) = (means, variances)
        inParts(ofExamples: exampleCount, threadCount: threadCount) { part in
          var workspace = MomentWorkspace(for: self)
          for first in stride(from: part.lowerBound, to: part.upperBound, by: Workspace.wideTile) {
            let end = min(first + Workspace.wideTile, part.upperBound)
            let examples = inputs.span.extracting(first * inputCount..<end * inputCount)
            let results = first * outputCount..<end * outputCount
            computeTile(
              examples, count: end - first, network, &workspace, set,
              means: UnsafeMutableBufferPointer(rebasing: means[results]),
              variances: UnsafeMutableBufferPointer(rebasing: variances[results]))
          }
        }
      }
    }
    return OutputMoments(outputCount: outputCount, means: means, variances: variances)
  }

  private func computeTile<Input: NetworkInput>(
    _ examples: Span<Input>, count: Int, _ network: MomentNetwork,
    _ workspace: inout MomentWorkspace, _ set: InstructionSet,
    means: UnsafeMutableBufferPointer<Float>, variances: UnsafeMutableBufferPointer<Float>
  ) {
    let width =
      count <= Workspace.narrowTile ? Workspace.narrowTile : Workspace.wideTile
    layOut(
      examples, count: count, width: width, network.means, rows: workspace.rows,
      tile: workspace.mean.input)
    // Of certain inputs, the second moment is the square.
    for index in 0..<(network.means.inputs.count + 1) * width {
      let input = workspace.mean.input.start[index]
      workspace.second.input.start[index] = input * input
    }
    for layer in network.activations.indices {
      let size = network.means.layers[layer].outputCount * width
      workspace.mean.apply(network.means.layers[layer], width: width, set)
      workspace.second.apply(network.variances.layers[layer], width: width, set)
      if layer > 0 {
        workspace.variance.apply(network.squaredMeans.layers[layer], width: width, set)
      } else {
        (workspace.variance.input.start).update(repeating: 0, count: size + width)
      }
      let (mean, variance) = (workspace.mean.input.start, workspace.variance.input.start)
      let second = workspace.second.input.start
      for index in 0..<size { variance[index] += second[index] }
      let activation = network.activations[layer]
      if activation == .relu {
        bbb_rectify_moments(set.kernelValue, size, mean, variance, second)
      } else if let kernel = activation.kernelValue {
        bbb_activate_moments(set.kernelValue, kernel, size, mean, variance, second)
      } else {
        for index in 0..<size { second[index] = mean[index] * mean[index] + variance[index] }
      }
    }
    for example in 0..<count {
      let isFinite = Input.areFinite(
        examples.extracting(example * inputCount..<(example + 1) * inputCount))
      for output in 0..<outputCount where !isFinite {
        means[example * outputCount + output] = .nan
        variances[example * outputCount + output] = .nan
      }
      for output in 0..<outputCount where isFinite {
        means[example * outputCount + output] =
          workspace.mean.input.start[output * width + example]
        variances[example * outputCount + output] =
          workspace.variance.input.start[output * width + example]
      }
    }
  }
}

/// Scratch memory for moments: one tile of each before and after a layer.
private struct MomentWorkspace: ~Copyable {
  /// The activations before a layer, and room for those after it; swapped by each layer.
  struct Tiles: ~Copyable {
    var input: AlignedBuffer<Float>
    var output: AlignedBuffer<Float>

    init(count: Int) {
      input = AlignedBuffer(repeating: 0, count: count)
      output = AlignedBuffer(repeating: 0, count: count)
    }

    mutating func apply(
      _ layer: RunnableLayer<SlicedRows>, width: Int, _ set: InstructionSet
    ) {
      layer.apply(to: input.start, into: output.start, width: width, set)
      swap(&input, &output)
    }
  }

  let rows: AlignedBuffer<Float>
  var mean: Tiles
  var variance: Tiles
  var second: Tiles

  init(for model: CompactModel) {
    let size = Workspace.tileCount(for: model)
    rows = AlignedBuffer(repeating: 0, count: model.inputCount * Workspace.wideTile)
    mean = Tiles(count: size)
    variance = Tiles(count: size)
    second = Tiles(count: size)
  }
}
