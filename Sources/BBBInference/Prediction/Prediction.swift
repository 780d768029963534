import BBBKernels
import CBBBKernels

extension CompactModel {
  /// Computes the raw outputs (logits, for a classifier) of a batch, without allocating.
  ///
  /// The result for an example does not depend on the batch it is in; where an input is not finite, it is
  /// NaN throughout. The first call arranges the
  /// weights for batches, or for single examples, which is then kept with the model.
  ///
  /// - Parameters:
  ///   - inputs: (examples, ``inputCount``), row-major; bytes become inputs by ``inputScaling``.
  ///   - outputs: (examples, ``outputCount``), row-major; overwritten.
  ///   - workspace: Scratch memory made for this model.
  /// - Throws: `CompactModelError.Code.mismatched` if `inputs` are not whole examples, `outputs` has not room for
  ///   exactly as many, or `workspace` was made for a smaller model; nothing is computed then.
  public func computeOutputs<Input: NetworkInput>(
    for inputs: Span<Input>, into outputs: inout MutableSpan<Float>, workspace: inout Workspace
  ) throws(CompactModelError) {
    try computeOutputs(for: inputs, into: &outputs, workspace: &workspace, .best)
  }

  func computeOutputs<Input: NetworkInput>(
    for inputs: Span<Input>, into outputs: inout MutableSpan<Float>, workspace: inout Workspace,
    _ set: InstructionSet
  ) throws(CompactModelError) {
    let exampleCount = try exampleCount(ofInputs: inputs.count)
    try check(outputs, exampleCount: exampleCount)
    try check(workspace)
    run(on: inputs, exampleCount: exampleCount, into: &outputs, &workspace, set)
  }

  /// Computes the outputs of whole examples, which the caller has counted.
  private func run<Input: NetworkInput>(
    on inputs: Span<Input>, exampleCount: Int, into outputs: inout MutableSpan<Float>,
    _ workspace: inout Workspace, _ set: InstructionSet
  ) {
    outputs.withUnsafeMutableBufferPointer { outputs in
      // SAFETY: the workspace suits the model, so that every buffer has room for its tile; outputs have room
      // for every example.
      var next = 0
      while next < exampleCount {
        let (count, width) = plan.structure.nextPart(of: exampleCount - next)
        let rows = inputs.extracting(next * inputCount..<(next + count) * inputCount)
        let results = UnsafeMutableBufferPointer(
          rebasing: outputs[next * outputCount..<(next + count) * outputCount])
        if width == 1 {
          computeExample(rows, into: results, &workspace, set)
        } else {
          computeTile(rows, count: count, width: width, into: results, &workspace, set)
        }
        forgetWhatIsNotFinite(rows, results)
        next += count
      }
    }
  }

  /// Makes NaN of the outputs of examples that have an input which is not finite: a rectifier, or pruning,
  /// could have hidden it.
  private func forgetWhatIsNotFinite<Input: NetworkInput>(
    _ examples: Span<Input>, _ results: UnsafeMutableBufferPointer<Float>
  ) {
    for example in 0..<examples.count / inputCount {
      let numbers = examples.extracting(example * inputCount..<(example + 1) * inputCount)
      guard !Input.areFinite(numbers) else { continue }
      for output in 0..<outputCount { results[example * outputCount + output] = .nan }
    }
  }

  /// Computes the outputs of a single example.
  func computeExample<Input: NetworkInput>(
    _ example: Span<Input>, into results: UnsafeMutableBufferPointer<Float>,
    _ workspace: inout Workspace, _ set: InstructionSet
  ) {
    let runnable = plan.exampleProgram()
    let (program, arena) = (runnable.program, workspace.arena.start)
    load(example, into: workspace.rows)
    let input = program.input.start(arena, width: 1)
    let (elements, numbers) = (program.inputElements.start, program.ownInputNumbers.start)
    for place in 0..<program.inputElements.count {
      input[Int(numbers[place])] = workspace.rows.start[Int(elements[place])]
    }
    program.input.finish(arena, width: 1)
    runnable.runOnExample(arena, active: workspace.active.start, set)
    let output = program.output.start(arena, width: 1)
    for index in results.indices {
      results[index] = output[Int(program.outputNumbers.start[index])]
    }
  }

  /// Computes the outputs of the examples of a tile.
  func computeTile<Input: NetworkInput>(
    _ examples: Span<Input>, count: Int, width: Int,
    into results: UnsafeMutableBufferPointer<Float>, _ workspace: inout Workspace,
    _ set: InstructionSet
  ) {
    let runnable = plan.tileProgram()
    let (program, arena) = (runnable.program, workspace.arena.start)
    layOut(examples, count: count, width: width, program, rows: workspace.rows, arena: arena)
    runnable.runOnTile(arena, width: width, set)
    let output = program.output.start(arena, width: width)
    for example in 0..<count {
      for index in 0..<outputCount {
        results[example * outputCount + index] =
          output[Int(program.outputNumbers.start[index]) * width + example]
      }
    }
  }

  /// Lays examples out as a tile of a program's inputs.
  ///
  /// - Parameters:
  ///   - examples: At most `width`.
  ///   - count: How many they are.
  ///   - width: How wide the tile is.
  ///   - program: The program that will read it.
  ///   - rows: Room for `width` examples; overwritten.
  ///   - arena: The program's arena, of which the input is overwritten.
  func layOut<Input: NetworkInput>(
    _ examples: Span<Input>, count: Int, width: Int, _ program: Program,
    rows: AlignedBuffer<Float>, arena: UnsafeMutablePointer<Float>
  ) {
    let tile = program.input.start(arena, width: width)
    let numbers = program.inputNumbers.start
    if Input.self == Float.self, count == width {
      examples.withUnsafeBytes { examples in
        // SAFETY: the bytes are those of `width` rows of floats.
        bbb_transpose_to_tile(
          examples.assumingMemoryBound(to: Float.self).baseAddress, inputCount, numbers, width,
          tile)
      }
    } else {
      load(examples, into: rows)
      // What the batch does not fill is zero.
      (rows.start + count * inputCount).update(
        repeating: 0, count: (width - count) * inputCount)
      bbb_transpose_to_tile(rows.start, inputCount, numbers, width, tile)
    }
    program.input.finish(arena, width: width)
  }

  /// Writes examples as floats into the first rows of a buffer.
  private func load<Input: NetworkInput>(
    _ examples: Span<Input>, into rows: AlignedBuffer<Float>
  ) {
    var target = MutableSpan(_unsafeStart: rows.start, count: examples.count)
    Input.writeNetworkInputs(
      examples, into: &target, scaling: inputScaling, inputCount: inputCount)
  }

  /// Computes the class probabilities of a batch, the softmax of its outputs, without allocating.
  ///
  /// - Parameters:
  ///   - inputs: (examples, ``inputCount``), row-major; bytes become inputs by ``inputScaling``.
  ///   - probabilities: (examples, ``outputCount``), row-major; overwritten.
  ///   - workspace: Scratch memory made for this model.
  /// - Throws: What ``computeOutputs(for:into:workspace:)`` throws.
  public func computeProbabilities<Input: NetworkInput>(
    for inputs: Span<Input>, into probabilities: inout MutableSpan<Float>,
    workspace: inout Workspace
  ) throws(CompactModelError) {
    try computeOutputs(for: inputs, into: &probabilities, workspace: &workspace)
    for start in stride(from: 0, to: probabilities.count, by: outputCount) {
      softmax(&probabilities, in: start..<(start + outputCount))
    }
  }

  /// The raw outputs (logits, for a classifier) of a batch.
  ///
  /// - Parameters:
  ///   - inputs: (examples, ``inputCount``), row-major; bytes become inputs by ``inputScaling``.
  ///   - threadCount: How many threads share the examples; the result does not depend on it.
  /// - Returns: (examples, ``outputCount``), row-major.
  /// - Throws: `CompactModelError.Code.mismatched` if `inputs` are not whole examples.
  public func predictOutputs<Input: NetworkInput>(
    for inputs: [Input], threadCount: Int = 1
  ) throws(CompactModelError) -> [Float] {
    _ = try exampleCount(ofInputs: inputs.count)
    return outputs(ofWhole: inputs, threadCount: threadCount)
  }

  /// The raw outputs of a batch that has been checked.
  ///
  /// - Parameters:
  ///   - inputs: Whole examples: (examples, ``inputCount``), row-major.
  ///   - threadCount: How many threads share the examples; the result does not depend on it.
  /// - Returns: (examples, ``outputCount``), row-major.
  package func outputs<Input: NetworkInput>(
    ofWhole inputs: [Input], threadCount: Int = 1
  ) -> [Float] {
    require(inputs.count.isMultiple(of: inputCount), "inputs are checked before they are run")
    let exampleCount = inputs.count / inputCount
    return [Float](unsafeUninitializedCapacity: exampleCount * outputCount) { outputs, count in
      count = exampleCount * outputCount
      // SAFETY: each part writes its own examples' outputs, every one of them.
      nonisolated(unsafe) let outputs = outputs
      inParts(ofExamples: exampleCount, threadCount: threadCount) { part in
        var workspace = Workspace(for: self)
        var results = MutableSpan(
          _unsafeElements: UnsafeMutableBufferPointer(
            rebasing: outputs[part.lowerBound * outputCount..<part.upperBound * outputCount]))
        run(
          on: inputs.span.extracting(
            part.lowerBound * inputCount..<part.upperBound * inputCount),
          exampleCount: part.count, into: &results, &workspace, .best)
      }
    }
  }

  /// Shares examples out among threads: whole tiles for every one but the last.
  func inParts(
    ofExamples exampleCount: Int, threadCount: Int, _ work: @Sendable (Range<Int>) -> Void
  ) {
    let tileCount = (exampleCount + Workspace.wideTile - 1) / Workspace.wideTile
    let partCount = max(1, min(threadCount, tileCount))
    performConcurrently(pieceCount: partCount, threadCount: partCount) { part, _ in
      let first = tileCount * part / partCount * Workspace.wideTile
      let end = min(exampleCount, tileCount * (part + 1) / partCount * Workspace.wideTile)
      work(first..<end)
    }
  }

  /// The class probabilities of a batch: the softmax of the outputs.
  ///
  /// - Parameters:
  ///   - inputs: (examples, ``inputCount``), row-major; bytes become inputs by ``inputScaling``.
  ///   - threadCount: How many threads share the examples; the result does not depend on it.
  /// - Returns: (examples, ``outputCount``), row-major; each example's sum is 1.
  /// - Throws: `CompactModelError.Code.mismatched` if `inputs` are not whole examples.
  public func predictProbabilities<Input: NetworkInput>(
    for inputs: [Input], threadCount: Int = 1
  ) throws(CompactModelError) -> [Float] {
    var probabilities = try predictOutputs(for: inputs, threadCount: threadCount)
    var span = probabilities.mutableSpan
    for start in stride(from: 0, to: span.count, by: outputCount) {
      softmax(&span, in: start..<(start + outputCount))
    }
    return probabilities
  }
}
