import BBBKernels
import Foundation
import NetworkReference
import TestSupport
import Testing

@testable import BBBInference

@Suite struct PredictionTests {
  let model = CompactModel.random(sizes: [37, 29, 17, 5], density: 0.3, seed: 1)

  func inputs(_ count: Int, seed: UInt64 = 2) -> [Float] {
    var generator = SeededGenerator(seed: seed)
    return (0..<(count * model.inputCount)).map { _ in
      Float.random(in: -1...1, using: &generator)
    }
  }

  @Test(arguments: [1, 2, 15, 16, 17, 31, 32, 33, 200])
  func `a batch of any size gives what each example gives by itself, in Double`(count: Int) throws {
    let inputs = inputs(count)
    let outputs = try model.predictOutputs(for: inputs)
    #expect(outputs.count == count * 5)
    for example in 0..<count {
      let input = inputs[(example * 37)..<((example + 1) * 37)]
      let expected = ReferenceNetwork(model).output(for: input.map(Double.init))
      let actual = outputs[(example * 5)..<((example + 1) * 5)]
      for (actual, expected) in zip(actual, expected) {
        #expect(abs(Double(actual) - expected) < 1e-5)
      }
      #expect(try Array(actual) == model.predictOutputs(for: Array(input)))
    }
  }

  @Test(arguments: InstructionSet.available)
  func `on every instruction set, no batch changes an example's outputs`(
    instructionSet: InstructionSet
  ) throws {
    // Some layers of these run dense, some sparse.
    for density in [0.05, 0.3, 0.9] {
      let model = CompactModel.random(sizes: [37, 70, 41, 23], density: density, seed: 6)
      let inputs = inputs(81)
      let outputs = try outputs(of: model, for: inputs, instructionSet)
      for count in [1, 2, 15, 16, 17, 18, 19, 31, 32, 33, 50] {
        let part = Array(inputs[..<(count * 37)])
        #expect(try outputs.starts(with: self.outputs(of: model, for: part, instructionSet)))
      }
      for example in [0, 80] {
        let input = inputs[(example * 37)..<((example + 1) * 37)].map(Double.init)
        for (actual, expected) in zip(
          outputs[(example * 23)...], ReferenceNetwork(model).output(for: input))
        {
          #expect(abs(Double(actual) - expected) < 1e-5)
        }
      }
    }
  }

  @Test(arguments: InstructionSet.available)
  func `inputs that no weight leaves change nothing`(instructionSet: InstructionSet) throws {
    let layer = ChainLayer(
      inputCount: 37, rowStarts: [0, 2, 3], columns: [3, 20, 35], values: [1, -2, 3],
      biases: [0.5, -0.5], activation: .none)
    let model = CompactModel(
      layers: [layer], output: .numbers(noiseDeviation: nil), inputScaling: .identity,
      origin: .init(denseWeightCount: 74, denseBiasCount: 2, removedCount: 71, criterion: "snr"))
    let inputs = inputs(50)
    let expected = (0..<50).flatMap { example in
      ReferenceNetwork(model).output(
        for: inputs[(example * 37)..<((example + 1) * 37)].map(Double.init))
    }
    for (actual, expected) in try zip(
      outputs(of: model, for: inputs, instructionSet), expected)
    {
      #expect(abs(Double(actual) - expected) < 1e-5)
    }
  }

  private func outputs(
    of model: CompactModel, for inputs: [Float], _ instructionSet: InstructionSet
  ) throws -> [Float] {
    var outputs = [Float](
      repeating: .nan, count: inputs.count / model.inputCount * model.outputCount)
    var workspace = Workspace(for: model)
    var span = outputs.mutableSpan
    try model.computeOutputs(for: inputs.span, into: &span, workspace: &workspace, instructionSet)
    return outputs
  }

  @Test(arguments: [1, 2, 3, 8])
  func `any number of threads gives the same outputs`(threadCount: Int) throws {
    let inputs = inputs(333)
    #expect(
      try model.predictOutputs(for: inputs, threadCount: threadCount)
        == model.predictOutputs(for: inputs))
  }

  @Test func `a batch of no examples has no outputs`() throws {
    #expect(try model.predictOutputs(for: [Float](), threadCount: 2).isEmpty)
  }

  @Test func `bytes are multiplied by the input scale, floats are not`() throws {
    let bytes = (0..<37).map { UInt8($0 * 6) }
    let scaled = bytes.map { Float($0) * Float(1.0 / 255) }
    #expect(try model.predictOutputs(for: bytes) == model.predictOutputs(for: scaled))
  }

  @Test func `probabilities are the softmax of the outputs`() throws {
    let inputs = inputs(3)
    let outputs = try model.predictOutputs(for: inputs)
    let probabilities = try model.predictProbabilities(for: inputs)
    for start in stride(from: 0, to: outputs.count, by: 5) {
      let exponentials = outputs[start..<(start + 5)].map { exp(Double($0)) }
      let sum = exponentials.reduce(0, +)
      for (probability, exponential) in zip(probabilities[start...], exponentials) {
        #expect(abs(Double(probability) - exponential / sum) < 1e-6)
      }
    }
  }

  @Test func `large logits do not overflow the softmax`() {
    var logits: [Float] = [7, 1e30, -1e30, 1e30]
    var span = logits.mutableSpan
    softmax(&span, in: 1..<4)
    #expect(logits == [7, 0.5, 0, 0.5])
  }

  @Test func `threads that share a model get the same answers as one thread`() async throws {
    let inputs = inputs(130)
    let expected = try model.predictOutputs(for: inputs)
    try await withThrowingTaskGroup(of: [Float].self) { group in
      for _ in 0..<8 { group.addTask { try model.predictOutputs(for: inputs) } }
      for try await outputs in group { #expect(outputs == expected) }
    }
  }

  @Test func `a workspace serves a second batch as well as the first`() throws {
    var workspace = Workspace(for: model)
    let first = inputs(70, seed: 4)
    let second = inputs(3, seed: 5)
    var outputs = [Float](repeating: 0, count: 70 * 5)
    var span = outputs.mutableSpan
    try model.computeOutputs(for: first.span, into: &span, workspace: &workspace)
    var again = [Float](repeating: 0, count: 3 * 5)
    var againSpan = again.mutableSpan
    try model.computeOutputs(for: second.span, into: &againSpan, workspace: &workspace)
    #expect(try again == model.predictOutputs(for: second))
  }

  @Test func `a network whose hidden units are all gone answers with its biases`() throws {
    let model = CompactModel(
      layers: [
        ChainLayer(
          inputCount: 4, rowStarts: [0], columns: [], values: [], biases: [],
          activation: .relu),
        ChainLayer(
          inputCount: 0, rowStarts: [0, 0, 0], columns: [], values: [], biases: [1, -2],
          activation: .none),
      ], output: .classes, inputScaling: .identity,
      origin: .init(denseWeightCount: 12, denseBiasCount: 4, removedCount: 12, criterion: "snr"))
    #expect(try model.predictOutputs(for: [Float](repeating: 3, count: 8)) == [1, -2, 1, -2])
  }
}
