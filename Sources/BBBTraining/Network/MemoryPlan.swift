import BBBNetwork

/// Which values of a network share memory in training, and which of its nodes compute something then.
///
/// What is flattened, or passed on as it is, stays where it is. An activation is applied in place where nothing else reads
/// what it is applied to.
struct MemoryPlan {
  /// What a place in memory holds.
  struct Place {
    /// The number of elements of one example.
    var width: Int
    /// The function that is applied in place.
    var activation = Activation.none
    /// The number of the parameter whose rows the elements are; `nil` of no matrix.
    var parameter: Int?
    /// Whether parameters can change what it holds.
    var isLearned = false
  }

  /// A node that computes something, by its place in the network.
  struct Step {
    var node: Int
    /// The places that it reads.
    var sources: [Int]
    /// The place that it gives.
    var target: Int
  }

  /// The places; the first one is the network's input.
  private(set) var places: [Place]
  /// The nodes that compute something, in order of evaluation.
  private(set) var steps: [Step] = []
  /// The place of each value, by its index.
  private var placeOfValue = [0]

  /// The place of the network's output.
  var output: Int { placeOfValue[placeOfValue.count - 1] }

  /// Plans the memory of a network.
  init(_ network: Network) {
    places = [Place(width: network.inputCount)]
    let readers = Self.readerCounts(network)
    var parameter = 0
    for (index, node) in network.nodes.enumerated() {
      let sources = node.inputs.map { placeOfValue[$0.index] }
      switch node.operation {
      case .flatten, .activation(.none):
        placeOfValue.append(sources[0])
      case .activation(let activation)
      where sources[0] > 0 && places[sources[0]].activation == .none
        && readers[node.inputs[0].index] == 1:
        places[sources[0]].activation = activation
        placeOfValue.append(sources[0])
      case .matrix, .activation, .pool, .arithmetic, .concatenate, .slice, .gather, .pad, .constant,
        .transpose, .reshape, .softmax, .normalise, .product:
        var place = Place(width: network.shapes[index + 1].count)
        place.isLearned = sources.contains { places[$0].isLearned }
        if case .activation(let activation) = node.operation { place.activation = activation }
        if case .matrix = node.operation {
          place.parameter = parameter
          place.isLearned = true
          parameter += 1
        }
        steps.append(Step(node: index, sources: sources, target: places.count))
        placeOfValue.append(places.count)
        places.append(place)
      }
    }
  }

  /// How often each value is read, wherever it is passed on to, by its index.
  private static func readerCounts(_ network: Network) -> [Int] {
    var counts = [Int](repeating: 0, count: network.shapes.count)
    // The value that each value is, passed on as it is.
    var origins = [0]
    for node in network.nodes {
      let sources = node.inputs.map { origins[$0.index] }
      switch node.operation {
      case .flatten, .activation(.none):
        origins.append(sources[0])
      case .matrix, .activation, .pool, .arithmetic, .concatenate, .slice, .gather, .pad, .constant,
        .transpose, .reshape, .softmax, .normalise, .product:
        for source in sources { counts[source] += 1 }
        origins.append(origins.count)
      }
    }
    for index in counts.indices { counts[index] = counts[origins[index]] }
    return counts
  }
}
