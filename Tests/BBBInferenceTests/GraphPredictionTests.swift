import BBBKernels
import BBBNetwork
import NetworkReference
import TestSupport
import Testing

@_spi(Benchmarks) @testable import BBBInference

/// Networks of all operations, against the plain evaluator in Double, and against themselves in other batches.
@Suite struct GraphPredictionTests {
  private func inputs(_ count: Int, _ network: Network, seed: UInt64) -> [Float] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count * network.inputCount).map { _ in
      max(-0.5, Float.random(in: -1.5...1.5, using: &generator)) + 0.5
    }
  }

  @Test(arguments: 0..<400 as Range<UInt64>)
  func `every network computes what its operations say`(seed: UInt64) throws {
    let graph = RandomGraph(seed: seed)
    let inputs = inputs(3, graph.network, seed: seed + 1)
    let width = graph.network.inputCount
    let text = "seed \(seed): \(graph.network.textInOneLine)"
    let outputs = try graph.model.predictOutputs(for: inputs)
    for example in 0..<3 {
      let expected = graph.reference.output(
        for: inputs[example * width..<(example + 1) * width].map(Double.init))
      let scale = expected.reduce(1) { max($0, abs($1)) }
      for (index, expected) in expected.enumerated() {
        let actual = Double(outputs[example * graph.network.outputCount + index])
        #expect(abs(actual - expected) < 2e-5 * scale, "\(text)")
      }
    }
  }

  @Test(arguments: 0..<150 as Range<UInt64>)
  func `no batch, thread or form changes a bit`(seed: UInt64) throws {
    let graph = RandomGraph(seed: seed)
    let (model, width) = (graph.model, graph.network.inputCount)
    let inputs = inputs(100, graph.network, seed: seed + 2)
    let all = try model.predictOutputs(for: inputs).map(\.bitPattern)
    let text = "seed \(seed): \(graph.network.textInOneLine)"
    #expect(
      try model.predictOutputs(for: inputs, threadCount: 3).map(\.bitPattern) == all, "\(text)")
    for count in [1, 3, 16, 33] {
      let part = try model.predictOutputs(for: Array(inputs[..<(count * width)]))
      #expect(
        part.map(\.bitPattern) == Array(all[..<(count * model.outputCount)]), "\(count), \(text)")
    }
    for choice in [FormChoice.sparse, .dense] {
      for count in [1, 16, 40] {
        // A sum of nothing but zeros may have either sign.
        let part = try model.running(choice).predictOutputs(for: Array(inputs[..<(count * width)]))
        #expect(
          part == Array(all[..<(count * model.outputCount)]).map(Float.init(bitPattern:)),
          "\(choice), \(count), \(text)")
      }
    }
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `every instruction set computes the same`(seed: UInt64) throws {
    let graph = RandomGraph(seed: seed)
    let model = graph.model
    for count in [1, 20] {
      let inputs = inputs(count, graph.network, seed: seed + 3)
      var answers: [InstructionSet: [Float]] = [:]
      for set in InstructionSet.available {
        var outputs = [Float](repeating: .nan, count: count * model.outputCount)
        var span = outputs.mutableSpan
        var workspace = Workspace(for: model)
        try model.computeOutputs(for: inputs.span, into: &span, workspace: &workspace, set)
        answers[set] = outputs
      }
      let plain = try #require(answers[.plain])
      let scale = plain.reduce(1) { max($0, abs($1)) }
      for (set, answer) in answers {
        #expect(
          zip(answer, plain).allSatisfy { abs($0 - $1) < 2e-5 * scale },
          "\(set), seed \(seed): \(graph.network.textInOneLine)")
      }
      if let wide = answers[.avx512] { #expect(answers[.avx2] == wide, "seed \(seed)") }
    }
  }

  @Test(arguments: 0..<60 as Range<UInt64>)
  func `an input that is not finite spoils its example and no other`(seed: UInt64) throws {
    let graph = RandomGraph(seed: seed)
    let (model, width) = (graph.model, graph.network.inputCount)
    for count in [1, 3, 20] {
      let good = inputs(count, graph.network, seed: seed)
      var spoilt = good
      spoilt[(count - 1) * width] = seed % 2 == 0 ? .nan : .infinity
      let expected = try model.predictOutputs(for: good)
      let outputs = try model.predictOutputs(for: spoilt)
      let boundary = (count - 1) * model.outputCount
      #expect(outputs[..<boundary] == expected[..<boundary], "seed \(seed)")
      #expect(outputs[boundary...].allSatisfy { $0.isNaN }, "seed \(seed)")
    }
  }

  @Test(arguments: 0..<10 as Range<UInt64>)
  func `a transformer computes what its operations say, in any batch`(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let graph = RandomGraph(try Network(text: Transformers.vision), using: &generator)
    let (model, width) = (graph.model, graph.network.inputCount)
    let inputs = inputs(40, graph.network, seed: seed)
    let all = try model.predictOutputs(for: inputs)
    for example in 0..<40 {
      let input = Array(inputs[example * width..<(example + 1) * width])
      let expected = graph.reference.output(for: input.map(Double.init))
      let outputs = Array(all[example * model.outputCount..<(example + 1) * model.outputCount])
      let scale = expected.reduce(1) { max($0, abs($1)) }
      #expect(
        zip(outputs, expected).allSatisfy { abs(Double($0) - $1) < 2e-5 * scale }, "seed \(seed)")
      #expect(try model.predictOutputs(for: input) == outputs, "seed \(seed)")
    }
  }

  @Test func `nodes that share weights share how these are arranged`() throws {
    var generator = SeededGenerator(seed: 3)
    let network = try Network(
      text: "input 8; a = linear 8" + String(repeating: "; tanh; linear 8 sharing a", count: 9))
    let graph = RandomGraph(network, using: &generator)
    // The first reads the input, and what the last one gives nothing reads; all others have one order of units.
    #expect(graph.model.plan.structure.program.matrices.count <= 3)
    let input = (0..<8).map { _ in Float.random(in: -1...1, using: &generator) }
    let expected = graph.reference.output(for: input.map(Double.init))
    for (found, expected) in zip(try graph.model.predictOutputs(for: input), expected) {
      #expect(abs(Double(found) - expected) < 1e-5)
    }
  }

  @Test func `a draw runs in the structure of its network`() {
    let model = RandomGraph(seed: 5, hasDeviations: true).model
    #expect(model.draw(0, seed: 1).plan.structure === model.plan.structure)
    #expect(model.withoutUncertainty().plan.structure === model.plan.structure)
  }
}
