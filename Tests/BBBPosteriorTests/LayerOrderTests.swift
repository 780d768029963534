import BBBTensors
import Testing

@testable import BBBPosterior

struct LayerOrderTests {
  /// Plain pairs, whose layout is not known beforehand.
  private func plain(
    _ layers: [(name: String, rows: Int, columns: Int)], biases: [(name: String, count: Int)] = [],
    format: TensorFile.Format = .npz
  ) throws -> Posterior {
    let weights = layers.flatMap { layer -> [Tensor] in
      let mean = Tensor.ramp(layer.name, layer.rows, layer.columns)
      return [mean, .ramp(layer.name + ".sigma", layer.rows, layer.columns)]
    }
    let vectors = biases.flatMap { bias -> [Tensor] in
      [.ramp(bias.name, bias.count), .ramp(bias.name + ".sigma", bias.count)]
    }
    return try Posterior(TensorFile(weights + vectors, format: format))
  }

  @Test func `sizes order layers whose names say nothing`() throws {
    let posterior = try plain(
      [("out", 2, 5), ("hidden", 5, 4), ("in", 4, 3)],
      biases: [("out.bias", 2), ("hidden.bias", 5), ("in.bias", 4)])
    #expect(
      posterior.parameters.map(\.summary)
        == ["in 3→4 out,in +b", "hidden 4→5 out,in +b", "out 5→2 out,in +b"])
    #expect(posterior.network?.layerSizes?.sizes == [3, 4, 5, 2])
  }

  @Test func `names order layers of equal sizes, numbers as numbers`() throws {
    let names = ["fc10", "fc1", "fc9", "fc2"]
    let posterior = try plain(names.map { ($0, 4, 4) }, format: .safetensors)
    #expect(posterior.parameters.map(\.name) == ["fc1", "fc2", "fc9", "fc10"])
  }

  @Test func `equal layers with other names stay in file order`() throws {
    let posterior = try plain([("in", 4, 3), ("zeta", 4, 4), ("alpha", 4, 4), ("out", 2, 4)])
    #expect(posterior.parameters.map(\.name) == ["in", "zeta", "alpha", "out"])
  }

  @Test func `equal layers keep their order while sizes move others`() throws {
    let posterior = try plain([("out", 2, 4), ("zeta", 4, 4), ("in", 4, 3), ("alpha", 4, 4)])
    #expect(posterior.parameters.map(\.name) == ["in", "zeta", "alpha", "out"])
  }

  @Test func `an autoencoder starts where its names do`() throws {
    let posterior = try plain([("fc3", 4, 2), ("fc1", 3, 6), ("fc4", 6, 4), ("fc2", 2, 3)])
    #expect(posterior.parameters.map(\.name) == ["fc1", "fc2", "fc3", "fc4"])
    #expect(posterior.network?.layerSizes?.sizes == [6, 3, 2, 4, 6])
  }

  @Test func `biases prove the layout`() throws {
    let posterior = try plain(
      [("W2", 4, 2), ("W1", 3, 4)], biases: [("b1", 4), ("b2", 2)])
    #expect(posterior.parameters.map(\.summary) == ["W1 3→4 in,out +b", "W2 4→2 in,out +b"])
  }

  @Test func `without biases the layout is the one that chains as named`() throws {
    let io = try plain([("W1", 3, 4), ("W2", 4, 2)])
    #expect(io.parameters.map(\.summary) == ["W1 3→4 in,out", "W2 4→2 in,out"])
    let oi = try plain([("W1", 4, 3), ("W2", 2, 4)])
    #expect(oi.parameters.map(\.summary) == ["W1 3→4 out,in", "W2 4→2 out,in"])
  }

  @Test func `square matrices take the layout of their neighbours, else the usual one`() throws {
    let neighbours = try plain(
      [("W1", 3, 4), ("W2", 4, 4)], biases: [("b1", 4), ("b2", 4)])
    #expect(neighbours.parameters.map(\.summary) == ["W1 3→4 in,out +b", "W2 4→4 in,out +b"])
    #expect(try plain([("W", 4, 4)]).parameters.map(\.summary) == ["W 4→4 out,in"])
  }

  @Test func `biases with names of their own are given out by size and in order`() throws {
    let posterior = try plain(
      [("first", 4, 3), ("second", 4, 4), ("third", 2, 4)],
      biases: [("offset_z", 4), ("offset_y", 4), ("offset_x", 2)])
    #expect(
      posterior.parameters.map(\.bias?.mean.name) == ["offset_z", "offset_y", "offset_x"])
    #expect(posterior.network != nil)
  }

  @Test func `biases with names of their own prove the layout too`() throws {
    // Read as (out, in), only the second matrix could have one of these biases, and the wrong one.
    let posterior = try plain(
      [("first", 3, 4), ("second", 4, 5)], biases: [("offset_y", 4), ("offset_x", 5)])
    #expect(posterior.parameters.map(\.summary) == ["first 3→4 in,out +b", "second 4→5 in,out +b"])
    #expect(posterior.parameters.map(\.bias?.mean.name) == ["offset_y", "offset_x"])
  }

  @Test func `layers that do not chain stay as they are and say so`() throws {
    let posterior = try plain([("a", 2, 5), ("b", 4, 3)])
    #expect(posterior.parameters.map(\.name) == ["a", "b"])
    #expect(
      posterior.obstacle == """
        the sizes of its layers do not chain (a 5→2, b 3→4): describe the network with --network FILE \
        (docs/networks.md)
        """)
  }

  @Test func `two heads are not a chain`() throws {
    let posterior = try plain([("body", 4, 3), ("head1", 2, 4), ("head2", 2, 4)])
    #expect(posterior.network == nil)
  }

  @Test(arguments: [
    ("fc2", "fc10"), ("fc", "fc1"), ("a.2.x", "a.10.x"), ("W1", "w1"), ("fc01", "fc1"),
    ("1", "a"), ("fc9", "fc00010"),
    ("x99999999999999999999998", "x99999999999999999999999"),
  ])
  func `numbers in names compare as numbers`(first: String, second: String) {
    #expect(NaturalOrder.precedes(first, second))
    #expect(!NaturalOrder.precedes(second, first))
    #expect(!NaturalOrder.precedes(first, first))
  }
}
