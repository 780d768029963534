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

  /// Each lie, and the words that give it away.
  @Test(
    arguments: [
      ("no operation", [0], "operations are not possible"),
      ("more operations than are possible", [5000], "operations are not possible"),
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
      ("weights beyond the places", [2, 9, 0, 2, 0, 0, 65], "cannot hold 65"),
      (
        "columns beyond the limit",
        [1, 2, 1, 1, 2, 2048, 1, 1, 1023, 1024, 2048, 1, 1, 1023, 1024, 0, 0, 1],
        "matrix of 8388608 columns"
      ),
      ("bytes behind", [1, 9, 7], "bytes follow"),
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
