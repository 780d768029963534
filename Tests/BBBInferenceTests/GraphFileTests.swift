import BBBNetwork
import BBBZlib
import Foundation
import NetworkReference
import TestSupport
import Testing

@testable import BBBInference

/// Files of networks of all operations.
@Suite struct GraphFileTests {
  @Test(arguments: 0..<150 as Range<UInt64>)
  func `every network is read back`(seed: UInt64) throws {
    let model = RandomGraph(seed: seed, hasDeviations: seed % 3 == 0).model
    for encoding in [ValueEncoding.float32, nil] {
      let restored = try CompactModel(bytes: try model.encoded(valuesAs: encoding))
      let text = "seed \(seed): \(model.network.textInOneLine)"
      // Files hold no names.
      // Files hold no names of operations.
      let named = try Network(
        input: model.network.input,
        operations: model.network.nodes.map { ($0.operation, $0.inputs) })
      #expect(restored.network == named, "\(text)")
      #expect(
        restored.matrices.map { $0.with(standardDeviations: nil) }
          == model.matrices.map { $0.with(standardDeviations: nil) }, "\(text)")
      #expect(restored.hasUncertainty == model.hasUncertainty)
    }
  }

  @Test(arguments: 0..<150 as Range<UInt64>)
  func `coding order does not change what a network computes`(seed: UInt64) throws {
    let model = RandomGraph(seed: seed, hasDeviations: seed % 3 == 0).model
    let ordered = model.inCodingOrder()
    var generator = SeededGenerator(seed: seed)
    let input = (0..<model.inputCount).map { _ in Double.random(in: -1...1, using: &generator) }
    let expected = ReferenceNetwork(model).output(for: input)
    for (actual, expected) in zip(ReferenceNetwork(ordered).output(for: input), expected) {
      #expect(
        abs(actual - expected) < 1e-9 * max(1, abs(expected)),
        "seed \(seed): \(model.network.textInOneLine)")
    }
    #expect(
      try model.encodedInCodingOrder(valuesAs: nil) == ordered.encoded(valuesAs: nil),
      "seed \(seed)")
  }

  @Test func `coding order makes the file of a convolutional network smaller`() throws {
    var generator = SeededGenerator(seed: 3)
    let network = try Network(
      text: """
        input 1 20 20
        conv1 = convolution 16 3x3 pad 1; relu; max-pool 2x2
        conv2 = convolution 24 3x3; relu; max-pool 2x2; flatten
        fc1 = linear 60; relu
        fc2 = linear 10
        """)
    var model = RandomGraph(network, using: &generator).model
    while model.matrices.reduce(0, { $0 + $1.density }) > 0.4 {
      model = RandomGraph(network, using: &generator).model
    }
    #expect(
      try model.encodedInCodingOrder(valuesAs: nil).count < model.encoded(valuesAs: nil).count)
  }

  /// A graph section with a description of one input of 2×4×4, and operations as bytes.
  private func section(_ operations: [Int], axes: [Int] = [3, 2, 4, 4]) -> [UInt8] {
    var writer = ByteWriter()
    ModelHead.write(
      .numbers(noiseDeviation: nil), inputFactor: 1,
      .init(denseWeightCount: 0, denseBiasCount: 0, removedCount: 0, criterion: "snr"), to: &writer)
    for number in axes + operations {
      // Codes with the highest bit set are bytes as they are; no number here is like them.
      if (128..<256).contains(number) {
        writer.append(UInt8(number))
      } else {
        writer.appendVariableLength(number)
      }
    }
    return writer.bytes
  }

  @Test func `a graph section is what the specification says`() throws {
    // A convolution of 3 units without bias, 3x1 pad 1:0 on the first axis, read twice; then relu of it, their sum, flatten, and
    // linear.
    let axis = [3, 1, 1, 1, 0, 1, 1, 1, 0, 0]
    let bytes = section(
      [5] + [3, 3, 1, 2] + axis + [0, 0, 7] + [65] + [0x87, 2, 0, 1] + [9] + [0, 2, 1, 2, 5])
    let network = try GraphSection.decode(bytes).network
    #expect(
      try network
        == Network(
          text: """
            input 2 4 4
            conv1 = convolution 3 3x1 pad 1:0x0 without-bias
            conv1-relu = relu
            add3 = add conv1-relu conv1
            flatten4 = flatten
            fc2 = linear 2
            """))
    #expect(try GraphSection.encode(GraphSection.decode(bytes)) == bytes)
  }

  @Test func `so are operations along axes`() throws {
    // 1e-5 as a float64.
    let epsilon = [0xF1, 0x68, 0xE3, 0x88, 0xB5, 0xF8, 0xE4, 0x3E]
    let bytes = section(
      [5, 16, 3, 0, 2, 1, 17, 2, 2, 16, 18, 1, 19] + epsilon + [1, 0] + [0x94, 2, 0, 2, 1])
    #expect(
      try GraphSection.decode(bytes).network
        == Network(
          text: """
            input 2 4 4
            transpose1 = transpose 0 2 1
            reshape2 = reshape 2 16
            softmax3 = softmax axis 1
            normalise4 = normalise axis 0
            product5 = product normalise4 reshape2 transposing first
            """))
  }

  @Test func `a constant reads nothing, and has its numbers where a matrix has biases`() throws {
    let bytes = section([2] + [0x80 + 26, 0, 3, 2, 1, 4, 0, 0, 0] + [0x80 + 22, 2, 1, 0])
    let network = try GraphSection.decode(bytes).network
    #expect(
      try network
        == Network(
          text: "input 2 4 4; constant1 = constant 2 1 4; multiply2 = multiply input constant1"))
    #expect(network.parameters.map(\.weights.rows) == [8])
    #expect(try GraphSection.encode(GraphSection.decode(bytes)) == bytes)
  }

  @Test func `a shared matrix is written once, where it is used first`() throws {
    let bytes = section(
      [4] + [9] + [0, 32, 2, 1, 5] + [64 + 8] + [12, 1, 32])
    let description = try GraphSection.decode(bytes)
    #expect(
      try description.network
        == Network(
          text: """
            input 2 4 4
            flatten1 = flatten
            fc1 = linear 32
            fc1-tanh = tanh
            linear4 = linear 32 sharing fc1
            """))
    #expect(description.matrices.count == 1)
    #expect(GraphSection.encode(description) == bytes)
  }

  /// Each lie, and the words that give it away.
  @Test(
    arguments: [
      ("no operation", [0], "operations are not possible"),
      ("more operations than are possible", [1 << 14 + 1], "operations are not possible"),
      ("an operation that ends early", [1, 0], "ends too early"),
      ("units beyond the limit", [1, 9, 0, 1 << 21], "bytes follow"),
      ("linear on channels", [1, 0, 2, 0, 0, 3], "no network"),
      ("a value from before the input", [1, 0x89, 1, 1], "go back"),
      ("a value that nothing reads", [2, 64, 0x89, 1, 1], "no network"),
      ("a kernel that does not fit", [1, 4, 2, 9, 1, 1, 0, 0, 1, 1, 1, 0, 0], "no network"),
      ("a window without cells", [1, 4, 1, 0, 1, 1, 0, 0], "cells of a window"),
      ("four axes of a window", [1, 4, 4], "axes of a window"),
      ("padding beyond the limit", [1, 4, 1, 1, 1, 1, 1 << 40, 0], "padding"),
      (
        "groups that do not divide", [1, 2, 3, 2, 2, 1, 1, 1, 0, 0, 1, 1, 1, 0, 0, 0, 0, 1],
        "no network"
      ),
      ("a pool in the padding alone", [1, 4, 2, 1, 1, 1, 1, 0, 1, 1, 1, 0, 0], "no network"),
      ("a sum of one value", [1, 7], "no network"),
      ("arithmetic of one value", [1, 22], "no network"),
      ("arithmetic of values that do not fit", [2, 9, 0x80 + 22, 2, 0, 1], "no network"),
      ("a constant that reads something", [1, 26, 1, 3, 0, 0, 0], "no network"),
      ("a linear layer that reads nothing", [1, 0x80, 0, 2, 0, 0, 0], "no network"),
      ("a constant of no axes", [1, 0x80 + 26, 0, 0], "axes of a constant"),
      ("a constant without elements", [1, 0x80 + 26, 0, 1, 0, 0, 0, 0], "elements along an axis"),
      (
        "a constant of too many numbers", [1, 0x80 + 26, 0, 2, 1 << 20, 8], "constant of more than"
      ),
      ("a constant with weights", [1, 0x80 + 26, 0, 1, 3, 0, 0, 1], "cannot hold 1 weights"),
      ("arithmetic of later versions", [1, 63], "operation 63"),
      ("weights beyond the places", [2, 9, 0, 2, 0, 0, 65], "cannot hold 65"),
      (
        "columns beyond the limit",
        [1, 2, 1, 1, 2, 2048, 1, 1, 1023, 1024, 2048, 1, 1, 1023, 1024, 0, 0, 1],
        "matrix of 8388608 columns"
      ),
      ("bytes behind", [1, 9, 7], "bytes follow"),
      ("a first operation that shares weights", [1, 12, 0, 2], "first operation shares"),
      ("weights from before the first operation", [2, 9, 12, 1, 2], "operations to go back"),
      ("weights of an operation that has none", [2, 9, 12, 0, 32], "no network"),
      (
        "weights of one that shares them itself", [4, 9, 0, 32, 0, 0, 0, 12, 0, 32, 12, 0, 32],
        "no network"
      ),
      ("weights of another shape", [3, 9, 0, 32, 0, 0, 0, 12, 0, 31], "no network"),
      ("weights without the biases", [3, 9, 0, 32, 0, 0, 0, 13, 0, 32], "no network"),
      ("a transposition of nine axes", [1, 16, 9], "axes in another order"),
      ("an axis beyond the last possible", [1, 16, 3, 0, 1, 8], "an axis"),
      ("an axis that is named twice", [1, 16, 3, 0, 1, 1], "no network"),
      ("a shape without axes", [1, 17, 0], "axes of a shape"),
      ("a shape of more elements", [1, 17, 2, 8, 8], "no network"),
      ("a shape of more than can be counted", [1, 17, 3, 1 << 26, 1 << 26, 1 << 26], "no network"),
      ("extents beyond the limit", [1, 17, 1, 1 << 29], "elements along an axis"),
      ("a softmax along an axis that is not there", [1, 18, 3], "no network"),
      ("an epsilon of 0", [1, 19] + Array(repeating: 0, count: 8) + [1, 0], "no network"),
      (
        "no axes to normalise over", [1, 19] + Array(repeating: 1, count: 8) + [0],
        "axes to normalise over"
      ),
      (
        "axes that do not ascend", [1, 19] + Array(repeating: 1, count: 8) + [2, 1, 0],
        "do not ascend"
      ),
      ("a product of one value", [1, 20, 0], "no network"),
      (
        "a product of which no operand is said to be transposed", [1, 0x94, 2, 0, 0, 4],
        "operands of a product"
      ),
    ] as [(String, [Int], String)])
  func `operations that lie are refused`(lie: String, operations: [Int], words: String) {
    let error = #expect(throws: CompactModelError.self) {
      try GraphSection.decode(section(operations))
    }
    #expect(error?.message.contains(words) == true, "\(lie): \(error?.message ?? "")")
  }

  @Test func `more elements than a reader computes with are refused`() {
    // Sixty convolutions of 2²⁰ elements and more.
    let axis = [1, 1, 1, 0, 0]
    let convolution = [2, 1024, 1, 2] + axis + axis + [0, 0, 0]
    let bytes = section(
      [70] + (0..<70).flatMap { _ in convolution }, axes: [3, 1, 1024, 1024])
    let error = #expect(throws: CompactModelError.self) { try GraphSection.decode(bytes) }
    #expect(error?.message.contains("elements together") == true, "\(error?.message ?? "")")
  }
}
