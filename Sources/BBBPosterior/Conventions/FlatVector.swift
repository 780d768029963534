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
    /// As a NumPyro model samples its sites, weights (in, out), unless `svi.init` ran under `jit`:
    /// JAX sorts a dictionary that passes through it by name.
    case asSampled
  }

  let parts: [Part]
  /// What the user should check about the order of the parts; nil if it is certain.
  private(set) var doubt: String?

  init(parts: [Part]) {
    self.parts = parts
  }

  /// Finds the parts of a vector from the model's file or the sizes of its layers.
  ///
  /// - Parameters:
  ///   - vector: The vector.
  ///   - file: The file it is in.
  ///   - options: The user's, of which the model and the sizes are used.
  ///   - order: The order of the parts.
  ///   - others: The names of the vectors that go with it, which the model's file may hold too.
  /// - Throws: ``PosteriorError`` if neither is given, or they do not add up to the vector.
  init(
    of vector: Tensor, in file: TensorFile, _ options: PosteriorOptions, order: Order,
    beside others: [String] = []
  ) throws(PosteriorError) {
    if let model = options.model {
      let parameters = try ModelParameters.find(
        in: model, leavingOut: others + [vector.name], orderedFor: "\"\(vector.name)\"")
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
    } else if let sizes = options.layerSizes {
      parts = try Self.parts(sizes: sizes, of: vector, in: file, order: order)
    } else {
      throw PosteriorError(
        .incomplete, path: file.path,
        """
        "\(vector.name)" holds all \(vector.count) parameters in one vector without their shapes; \
        give them with --layers, such as --layers 784,100,10, or with --model FILE, the network's own \
        parameters under their names
        """)
    }
    switch order {
    case .asSampled: doubt = Self.doubt(parts, areNamed: options.model != nil, vector)
    case .asListed where options.model == nil && parts.count > 1:
      doubt = """
        "\(vector.name)" is taken to hold the layers in order, weight before bias, as PyTorch lists them
        """
    case .asListed: doubt = nil
    }
  }

  /// Which order was assumed, where the alphabetical one would differ.
  private static func doubt(_ parts: [Part], areNamed: Bool, _ vector: Tensor) -> String? {
    let names = parts.map(\.name)
    let sorted = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    guard areNamed ? names != sorted : names.count > 1 else { return nil }
    let order = areNamed ? listing(of: names) : "layer by layer, weight before bias"
    return """
      "\(vector.name)" is taken to hold the sites in the order of the model: \(order); if svi.init ran \
      under jax.jit they lie in alphabetical order: then give them in that order with --model, in a \
      file written by numpy.savez
      """
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

  /// Weight and bias of each layer in turn; without biases if only that fits.
  private static func parts(
    sizes: [Int], of vector: Tensor, in file: TensorFile, order: Order
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
      let shape = order == .asListed ? [pair.1, pair.0] : [pair.0, pair.1]
      let weight = Part(name: "layer\(index + 1).weight", shape: shape)
      let bias = Part(name: "layer\(index + 1).bias", shape: [pair.1])
      return hasBiases ? [weight, bias] : [weight]
    }
  }
}
