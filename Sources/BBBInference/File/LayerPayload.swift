/// The content of a layer's section before compression: connections, values, biases, one behind the other.
struct LayerPayload {
  var coding: ConnectionCoding
  var segments: [PayloadSegment]
  /// The groups in the order in which the values are written.
  var order: [Int]

  /// Writes a layer's connections in the coding that takes the fewest bits, and its values.
  ///
  /// - Parameters:
  ///   - layer: The layer.
  ///   - encoding: How its values are written; exact for them if it is ``ValueEncoding/levels``.
  ///   - connections: The layer's connections, if they were written already.
  init(
    _ layer: SparseLayer, valuesAs encoding: ValueEncoding, connections: CodedConnections? = nil
  ) {
    let connections = connections ?? .shortest(of: layer)
    coding = connections.coding
    order = coding.order(connections.weights)
    segments =
      connections.segments + encoding.encode(connections.weights.values(inOrderOf: order))
      + encoding.encode(layer.biases)
  }

  /// A layer's connections in one coding.
  struct CodedConnections {
    var coding: ConnectionCoding
    var weights: GroupedWeights
    var segments: [PayloadSegment]
    /// About how many bits they take once compressed.
    var estimatedBits: Double

    /// Bit maps rarely win below this density: their bits carry too little for a Huffman code.
    private static let smallestBitMapDensity = 0.1

    private init(_ coding: ConnectionCoding, _ weights: GroupedWeights) {
      self.coding = coding
      self.weights = weights
      segments = []
      estimatedBits = .infinity
      for variant in coding.variants(weights) {
        let bits = BlockPlan(variant).estimatedBits
        if bits < estimatedBits { (segments, estimatedBits) = (variant, bits) }
      }
    }

    /// A layer's connections in the coding that takes the fewest bits, by trial.
    static func shortest(of layer: SparseLayer) -> CodedConnections {
      let byOutput = layer.groupedByOutput
      return shortest(byInput: byOutput.transposed(), byOutput: byOutput)
    }

    /// The connections in the coding that takes the fewest bits, by trial.
    ///
    /// - Parameters:
    ///   - byInput: A layer's weights, grouped by input.
    ///   - byOutput: The same weights, grouped by output.
    /// - Returns: The shortest; of equals, the coding of the lowest number.
    static func shortest(byInput: GroupedWeights, byOutput: GroupedWeights) -> CodedConnections {
      var best = CodedConnections(.gapsByInput, byInput)
      for coding in ConnectionCoding.allCases where coding != .gapsByInput {
        let weights = coding.groupsAreInputs ? byInput : byOutput
        guard coding.style != .bits || weights.density >= smallestBitMapDensity,
          coding.canEncode(weights)
        else {
          continue
        }
        let candidate = CodedConnections(coding, weights)
        if candidate.estimatedBits < best.estimatedBits { best = candidate }
      }
      return best
    }
  }
}

extension ConnectionCoding {
  /// The groups in the order in which they are written.
  func order(_ weights: GroupedWeights) -> [Int] {
    style == .orderedGaps
      ? Array(0..<weights.groupCount) : Self.order(counts: weights.counts)
  }
}
