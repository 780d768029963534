import BBBKernels
import CBBBKernels

extension CompactModel {
  /// The means and variances of the outputs over the posterior, for a batch, in one pass.
  ///
  /// - Parameters:
  ///   - inputs: (examples, ``inputCount``), row-major; bytes become inputs by ``inputScaling``.
  ///   - threadCount: How many threads share the examples; the result does not depend on it.
  /// - Returns: The moments of each example's outputs; NaN where an input is not finite.
  /// - Throws: `CompactModelError`: `withoutUncertainty` unless ``hasUncertainty``, `withoutMoments` if the network has
  ///   a `momentObstacle`, `mismatched` if `inputs` are not whole examples.
  public func predictOutputMoments<Input: NetworkInput>(
    for inputs: [Input], threadCount: Int = 1
  ) throws(CompactModelError) -> OutputMoments {
    try predictOutputMoments(for: inputs, threadCount: threadCount, .best)
  }

  func predictOutputMoments<Input: NetworkInput>(
    for inputs: [Input], threadCount: Int, _ set: InstructionSet
  ) throws(CompactModelError) -> OutputMoments {
    try checkUncertainty()
    try checkMoments()
    let exampleCount = try exampleCount(ofInputs: inputs.count)
    let program = plan.momentProgram()
    var variances: [Float] = []
    let means = [Float](unsafeUninitializedCapacity: exampleCount * outputCount) { means, count in
      count = exampleCount * outputCount
      variances = [Float](unsafeUninitializedCapacity: count) { variances, count in
        count = exampleCount * outputCount
        // SAFETY: each part writes its own examples' moments, every one of them.
        nonisolated(unsafe) let (means, variances) = (means, variances)
        inParts(ofExamples: exampleCount, threadCount: threadCount) { part in
          var workspace = MomentWorkspace(for: self)
          for first in stride(from: part.lowerBound, to: part.upperBound, by: workspace.widestTile)
          {
            let end = min(first + workspace.widestTile, part.upperBound)
            let examples = inputs.span.extracting(first * inputCount..<end * inputCount)
            let results = first * outputCount..<end * outputCount
            computeTile(
              examples, count: end - first, program, &workspace, set,
              means: UnsafeMutableBufferPointer(rebasing: means[results]),
              variances: UnsafeMutableBufferPointer(rebasing: variances[results]))
          }
        }
      }
    }
    return OutputMoments(outputCount: outputCount, means: means, variances: variances)
  }

  private func computeTile<Input: NetworkInput>(
    _ examples: Span<Input>, count: Int, _ moments: MomentProgram,
    _ workspace: inout MomentWorkspace, _ set: InstructionSet,
    means: UnsafeMutableBufferPointer<Float>, variances: UnsafeMutableBufferPointer<Float>
  ) {
    let width = count <= Workspace.narrowTile ? Workspace.narrowTile : workspace.widestTile
    let (program, arenas) = (moments.program, workspace.arenas)
    layOut(
      examples, count: count, width: width, program, rows: workspace.rows, arena: arenas.mean)
    // The network's inputs are certain.
    program.input.start(arenas.variance, width: width).update(
      repeating: 0, count: program.input.layout.count * width)
    arenas.finishSecondMoments(of: program.input, width: width)
    moments.run(arenas, width: width, set)
    let mean = program.output.start(arenas.mean, width: width)
    let variance = program.output.start(arenas.variance, width: width)
    for example in 0..<count {
      let isFinite = Input.areFinite(
        examples.extracting(example * inputCount..<(example + 1) * inputCount))
      for output in 0..<outputCount {
        let number = Int(program.outputNumbers.start[output]) * width + example
        means[example * outputCount + output] = isFinite ? mean[number] : .nan
        variances[example * outputCount + output] = isFinite ? variance[number] : .nan
      }
    }
  }
}

/// Scratch memory for moments: an arena for each.
private struct MomentWorkspace: ~Copyable {
  /// How many examples are computed together at most; a narrow tile at least.
  let widestTile: Int
  let rows: AlignedBuffer<Float>
  private let memory: [AlignedBuffer<Float>]

  init(for model: CompactModel) {
    let program = model.plan.structure.program
    widestTile = max(program.widestTile, Workspace.narrowTile)
    let size = program.arenaCount * widestTile
    rows = AlignedBuffer(repeating: 0, count: model.inputCount * Workspace.wideTile)
    memory = (0..<3).map { _ in AlignedBuffer(repeating: 0, count: size) }
  }

  var arenas: MomentArenas {
    MomentArenas(mean: memory[0].start, variance: memory[1].start, second: memory[2].start)
  }
}
