import BBBTensors

/// The parameters of a network laid end to end in one vector, whose shapes another source gives.
struct FlatVector {
  /// A parameter's name and shape.
  struct Part {
    var name: String
    var shape: [Int]
  }

  /// The order of the parts.
  enum Order {
    /// As the model lists its parameters: weight, bias, weight, bias, …
    case asListed
    /// By name, as JAX flattens a dictionary.
    case alphabetical
  }

  let parts: [Part]

  init(parts: [Part]) {
    self.parts = parts
  }

  /// Finds the parts of a vector from the model's file or the sizes of its layers.
  ///
  /// - Throws: ``PosteriorError`` if neither is given, or they do not add up to the vector.
  init(
    of vector: Tensor, in file: TensorFile, _ options: PosteriorOptions, order: Order
  ) throws(PosteriorError) {
    if let model = options.model {
      var parameters = try ModelParameters.find(in: model, leavingOut: "optimizer/")
      if order == .alphabetical {
        parameters.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
      }
      parts = parameters.map { Part(name: $0.name, shape: $0.shape) }
      let total = parameters.elementCount
      guard total == vector.count else {
        throw PosteriorError(
          .shapeMismatch, path: file.path,
          """
          "\(vector.name)" has \(vector.count) elements but the parameters in \(model.path) have \
          \(total); give the model that this posterior belongs to
          """)
      }
    } else if let sizes = options.layerSizes, order == .asListed {
      parts = try Self.parts(sizes: sizes, of: vector, in: file)
    } else {
      throw PosteriorError(
        .incomplete, path: file.path,
        """
        "\(vector.name)" holds all \(vector.count) parameters in one vector without their shapes; \
        \(Self.remedy(for: order))
        """)
    }
  }

  /// The parts of a vector as tensors of their own.
  func split(_ vector: Tensor) throws(PosteriorError) -> [Tensor] {
    do throws(TensorFileError) {
      let loaded = try vector.loaded()
      var start = 0
      var tensors: [Tensor] = []
      for part in parts {
        let end = start + part.shape.reduce(1, *)
        tensors.append(
          try loaded.slice(start..<end, shape: part.shape, name: "\(vector.name)[\(start):\(end)]"))
        start = end
      }
      return tensors
    } catch {
      throw PosteriorError(error)
    }
  }

  private static func remedy(for order: Order) -> String {
    switch order {
    case .asListed:
      """
      give them with --layers, such as --layers 784,100,10, or with --model FILE, the network's own \
      state dictionary
      """
    case .alphabetical:
      """
      give a file that has one array for each site, under its name in the model, with --model FILE: \
      sites lie in the alphabetical order of their names, so sizes alone do not say where each is
      """
    }
  }

  /// Weight (out, in) and bias of each layer in turn; without biases if only that fits.
  private static func parts(
    sizes: [Int], of vector: Tensor, in file: TensorFile
  ) throws(PosteriorError) -> [Part] {
    let pairs = zip(sizes, sizes.dropFirst())
    let weightCount = pairs.reduce(0) { $0 + $1.0 * $1.1 }
    let biasCount = sizes.dropFirst().reduce(0, +)
    let hasBiases = vector.count == weightCount + biasCount
    guard hasBiases || vector.count == weightCount else {
      throw PosteriorError(
        .shapeMismatch, path: file.path,
        """
        "\(vector.name)" has \(vector.count) elements, but a network of \
        \(sizes.map(String.init).joined(separator: ",")) units has \(weightCount) weights and \
        \(biasCount) biases; correct --layers
        """)
    }
    return pairs.enumerated().flatMap { index, pair in
      let weight = Part(name: "layer\(index + 1).weight", shape: [pair.1, pair.0])
      let bias = Part(name: "layer\(index + 1).bias", shape: [pair.1])
      return hasBiases ? [weight, bias] : [weight]
    }
  }
}
