/// Sizes and an activation, which are short for a multilayer perceptron: `784-1200-1200-10 relu`.
enum Shorthand {
  /// The network that words stand for; its layers are `fc1`, `fc2` and so on.
  ///
  /// - Parameter words: Sizes with hyphens between; the activation behind them, which a network of one layer does not need.
  /// - Returns: The network.
  /// - Throws: ``NetworkError`` if they are neither sizes nor the beginning of a longer text.
  static func network(_ words: [String]) throws(NetworkError) -> Network {
    let parts = words[0].split(separator: "-", omittingEmptySubsequences: false)
    let sizes = parts.compactMap { Int($0) }
    guard sizes.count == parts.count, sizes.count > 1,
      sizes.allSatisfy({ (1...NetworkParser.largestExtent).contains($0) })
    else {
      throw NetworkError(
        .syntax,
        "'\(words[0])' begins no network: begin with the input's shape, such as 'input 1 28 28', or write sizes and an "
          + "activation, such as '784-100-10 relu'")
    }
    guard words.count == 2 || words.count == 1 && sizes.count == 2 else {
      throw NetworkError(
        .syntax, "sizes are followed by one activation, such as '\(words[0]) relu'")
    }
    guard words.count == 2 else {
      return try Network(sizes: sizes, activation: .none)
    }
    guard let activation = Activation(rawValue: words[1]) else {
      throw NetworkError(
        .syntax,
        "'\(words[1])' is no activation; there are \(Activation.allCases.map(\.rawValue).joined(separator: ", "))"
      )
    }
    return try Network(sizes: sizes, activation: activation)
  }
}

extension Network {
  /// The network as sizes and an activation, if it is a multilayer perceptron with one activation between all its layers.
  ///
  /// With one layer there is nothing between layers, and files have always named the rectifier.
  public var shorthand: String? {
    layerSizes.map { sizes, activation in
      sizes.map(String.init).joined(separator: "-")
        + " \((sizes.count > 2 ? activation : .relu).rawValue)"
    }
  }
}
