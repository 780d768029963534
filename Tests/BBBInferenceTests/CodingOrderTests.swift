import NetworkReference
import TestSupport
import Testing

@testable import BBBInference

@Suite struct CodingOrderTests {
  let model = CompactModel.random(sizes: [80, 50, 40, 10], density: 0.08, seed: 41)

  @Test func `renumbering hidden units does not change what a network computes`() {
    let reordered = model.inCodingOrder()
    #expect(reordered != model)
    var generator = SeededGenerator(seed: 42)
    for _ in 0..<20 {
      let input = (0..<80).map { _ in Double.random(in: 0...1, using: &generator) }
      for (one, other) in zip(
        ReferenceNetwork(model).output(for: input), ReferenceNetwork(reordered).output(for: input))
      {
        #expect(abs(one - other) < 1e-12)
      }
    }
  }

  @Test func `the order does not depend on the order before, where no units are alike`() {
    let once = CompactModel.random(sizes: [80, 50, 40, 10], density: 0.4, seed: 43)
      .inCodingOrder()
    #expect(once.inCodingOrder() == once)
  }

  @Test func `files in coding order are smaller`() throws {
    #expect(try model.inCodingOrder().encoded().count < model.encoded().count)
  }

  /// One layer, above and below the density at which orders are tried.
  @Test(arguments: [[80, 10], [80, 50, 10], [80, 50, 40, 10]], [0.02, 0.2, 0.4, 1])
  func `the file in coding order is that of the network in coding order`(
    sizes: [Int], density: Double
  ) throws {
    let network = CompactModel.random(sizes: sizes, density: density, seed: 44)
    for encoding in [ValueEncoding.float32, .float16, nil] {
      #expect(
        try network.encodedInCodingOrder(valuesAs: encoding)
          == network.inCodingOrder().encoded(valuesAs: encoding))
    }
  }

  @Test func `standard deviations move with their weights and biases`() {
    let marked = CompactModel(
      layers: model.layers.map { layer in
        layer.with(
          standardDeviations: .init(
            weights: layer.values.map { abs($0) + 1 }, biases: layer.biases.map { abs($0) + 2 }))
      }, output: .classes, inputScaling: .identity, origin: model.origin)
    for layer in marked.inCodingOrder().layers {
      #expect(layer.standardDeviations?.weights == layer.values.map { abs($0) + 1 })
      #expect(layer.standardDeviations?.biases == layer.biases.map { abs($0) + 2 })
    }
  }
}
