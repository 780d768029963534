import BBBNetwork
import BBBTensors

/// A weight with its bias, before it is known how its dimensions are ordered.
struct UnorderedLayer {
  let weight: GaussianParameter
  var bias: GaussianTensor?

  /// Whether a bias of this size goes with this weight, whichever dimension counts the outputs.
  func accepts(biasCount: Int) -> Bool {
    isConvolution || weight.gaussian.shape.contains(biasCount)
  }

  /// How the weights are arranged if their dimensions are ordered so, where they do not say otherwise.
  func weights(_ layout: WeightShape.Order) -> WeightShape {
    WeightShape(tensorShape: weight.gaussian.shape, order: weight.layout ?? layout)
  }

  /// Whether the weights are a convolution's kernel.
  var isConvolution: Bool { weight.gaussian.shape.count > 2 }

  /// Whether a bias of this size goes with this weight if its dimensions are ordered so.
  func accepts(biasCount: Int, layout: WeightShape.Order) -> Bool {
    // A transposed convolution's outputs come second.
    isConvolution || weights(layout).rows == biasCount
  }
}

/// Sorts Gaussian parameters into layers: each weight with the bias that belongs to it.
struct LayerAssembly {
  /// The layers, in file order.
  private(set) var layers: [UnorderedLayer]
  /// The names of parameters that are neither weight nor bias of a layer.
  private(set) var leftOut: [String] = []

  init(
    _ parameters: [GaussianParameter], in file: TensorFile, layout: LayoutRule
  ) throws(PosteriorError) {
    let ordered = parameters.sorted { $0.position < $1.position }
    layers = ordered.filter(\.isWeight).map { UnorderedLayer(weight: $0) }
    var biases: [GaussianParameter] = []
    for parameter in ordered where !parameter.isWeight {
      if parameter.gaussian.shape.count == 1, !ParameterName.isUnitScale(parameter.name) {
        biases.append(parameter)
      } else {
        leftOut.append(parameter.name)
      }
    }
    try claimByName(&biases)
    try claimCertainBiases(in: file)
    claimBySize(&biases, layout)
    leftOut += biases.map(\.name)
  }

  /// Gives each weight the bias whose name says that it belongs to it.
  private mutating func claimByName(_ biases: inout [GaussianParameter]) throws(PosteriorError) {
    var byName = Dictionary(biases.map { ($0.name, $0) }) { first, _ in first }
    for index in layers.indices {
      let names = ParameterName.biases(besideWeight: layers[index].weight.name)
      guard let name = names.first(where: { byName[$0] != nil }),
        let bias = byName.removeValue(forKey: name)
      else { continue }
      try claim(bias.gaussian, for: index)
    }
    biases.removeAll { byName[$0.name] == nil }
  }

  /// Gives weights without a Gaussian bias the ordinary one that stands beside them.
  private mutating func claimCertainBiases(in file: TensorFile) throws(PosteriorError) {
    for index in layers.indices where layers[index].bias == nil {
      let weight = layers[index].weight
      // Beside `weight_mean` and `weight_std` a bias that is certain may be called `bias_mean`.
      let meanName = weight.gaussian.mean.name
      let ending = meanName.hasPrefix(weight.name) ? meanName.dropFirst(weight.name.count) : ""
      let names = ParameterName.biases(besideWeight: weight.name)
        .flatMap { [$0, $0 + ending] }
      let found = names.lazy.compactMap { file[$0] }.first { tensor in
        tensor.shape.count == 1 && tensor.elementType.isFloatingPoint
      }
      guard let found else { continue }
      let bias = try file.gaussian(mean: found, scale: nil, parametrisation: nil)
      try claim(bias, for: index)
    }
  }

  private mutating func claim(
    _ bias: GaussianTensor, for index: Int
  ) throws(PosteriorError) {
    guard layers[index].accepts(biasCount: bias.count) else {
      let weight = layers[index].weight.gaussian
      throw PosteriorError(
        .shapeMismatch, path: weight.path,
        """
        "\(bias.mean.name)" has \(bias.count) elements, which is neither dimension of its weights, \
        "\(weight.mean.name)" \(shapeText(weight.shape)); both must come from the same network
        """)
    }
    layers[index].bias = bias
  }

  /// Gives matrices without a bias the biases that are left, by size and in order.
  private mutating func claimBySize(
    _ biases: inout [GaussianParameter], _ rule: LayoutRule
  ) {
    guard !biases.isEmpty else { return }
    var chosen = claims(on: biases, layout: rule.layout)
    if case .usual(let usual) = rule {
      let other: WeightShape.Order = usual == .outputInput ? .inputOutput : .outputInput
      let others = claims(on: biases, layout: other)
      if others.count > chosen.count { chosen = others }
    }
    for (layer, bias) in chosen { layers[layer].bias = biases[bias].gaussian }
    let claimed = Set(chosen.map(\.bias))
    biases = biases.indices.filter { !claimed.contains($0) }.map { biases[$0] }
  }

  private func claims(
    on biases: [GaussianParameter], layout: WeightShape.Order
  ) -> [(layer: Int, bias: Int)] {
    // For each size the biases that have it, last first.
    var waiting = [Int: [Int]]()
    for index in biases.indices.reversed() {
      waiting[biases[index].gaussian.count, default: []].append(index)
    }
    var claims: [(layer: Int, bias: Int)] = []
    for index in layers.indices where layers[index].bias == nil {
      let layer = layers[index]
      guard !layer.isConvolution, let bias = waiting[layer.weights(layout).rows]?.popLast() else {
        continue
      }
      claims.append((index, bias))
    }
    return claims
  }
}
