import BBBNetwork
import BBBTensors

/// Finds the order of a network's layers and of their weights' dimensions from names and sizes.
struct LayerOrder {
  /// The layers, in the order the network applies them if their sizes say so, else as named or stored.
  let layers: [UnorderedLayer]
  /// The order of every weight's dimensions.
  let layout: WeightShape.Order
  /// Whether each layer has as many inputs as the one before it has outputs.
  let isChain: Bool
  /// Whether other orders chain too, and neither the names nor the file decides for this one.
  let isGuess: Bool

  init(_ layers: [UnorderedLayer], rule: LayoutRule, format: TensorFile.Format) {
    let (sorted, isSortedByName) = Self.sorted(layers, format: format)
    let candidates: [WeightShape.Order] =
      switch rule {
      case .fixed(let layout): [layout]
      case .usual(let layout):
        if let witnessed = Self.layoutByBiases(sorted) {
          [witnessed]
        } else {
          [layout, layout == .outputInput ? .inputOutput : .outputInput]
        }
      }
    // An order that the names already have is better evidence than one that merely exists: matrices
    // that chain one way chain the other way too, backwards.
    let inOrder = candidates.first { layout in
      let sizes = Self.sizes(of: sorted, layout)
      return zip(sizes, sizes.dropFirst()).allSatisfy { $0.output == $1.input }
    }
    if let inOrder {
      (self.layers, layout, isChain) = (sorted, inOrder, true)
      isGuess =
        isSortedByName && Self.isOneOfSeveralChains(Self.sizes(of: sorted, inOrder))
      return
    }
    // Layers with convolutions between them never chain, whatever the sizes of the others do; and numbers
    // that do not chain say that the layers are something else.
    let isPlain =
      layers.allSatisfy { $0.weight.gaussian.shape.count == 2 }
      && Set(layers.map { NaturalOrder.skeleton(of: $0.weight.name) }).count > 1
    for candidate in candidates where isPlain {
      guard let order = chain(Self.sizes(of: sorted, candidate)) else { continue }
      let chained = order.map { sorted[$0] }
      (self.layers, layout, isChain) = (chained, candidate, true)
      isGuess =
        isSortedByName && Self.isOneOfSeveralChains(Self.sizes(of: chained, candidate))
      return
    }
    (self.layers, layout, isChain, isGuess) = (sorted, candidates[0], false, false)
  }

  /// By number if names differ in nothing else, else in file order; with layers that are numbered
  /// first and heads last if the file is sorted by name, so that its order says nothing.
  private static func sorted(
    _ layers: [UnorderedLayer], format: TensorFile.Format
  ) -> (layers: [UnorderedLayer], isSortedByName: Bool) {
    let skeletons = Set(layers.map { NaturalOrder.skeleton(of: $0.weight.name) })
    let isSortedByName = skeletons.count > 1 && format == .safetensors
    guard skeletons.count == 1 || isSortedByName else { return (layers, false) }
    let places = isSortedByName ? LayerPlace.places(of: layers.map(\.weight.name)) : [:]
    let sorted = layers.sorted { first, second in
      let (a, b) = (first.weight.name, second.weight.name)
      if let placeA = places[a], let placeB = places[b], placeA != placeB { return placeA < placeB }
      return NaturalOrder.precedes(a, b)
    }
    return (sorted, isSortedByName)
  }

  /// Whether layers that chain in their order chain in another too.
  ///
  /// A chain is an Eulerian path, and each other one comes of exchanging two parts of it that begin
  /// and end at the same sizes, or of starting a closed one elsewhere (Pevzner 1995).
  private static func isOneOfSeveralChains(_ sizes: [(input: Int, output: Int)]) -> Bool {
    guard sizes.count > 1, let first = sizes.first, let last = sizes.last else { return false }
    if first.input == last.output { return true }
    // Visits of two sizes may be nested, as brackets are, but not interleaved.
    var open: [Int] = []
    var visitCounts = [Int: Int]()
    for size in [first.input] + sizes.map(\.output) {
      visitCounts[size, default: 0] += 1
      if visitCounts[size] == 2 {
        while let inner = open.last, inner != size {
          visitCounts[inner] = 3  // Its next visit would lie outside of this bracket.
          open.removeLast()
        }
        open.removeLast()
      } else if visitCounts[size] == 1 {
        open.append(size)
      } else {
        return true
      }
    }
    return false
  }

  /// The layout that the sizes of biases prove; nil if they prove none, or contradict each other.
  private static func layoutByBiases(_ layers: [UnorderedLayer]) -> WeightShape.Order? {
    let possible = [WeightShape.Order.outputInput, .inputOutput].filter { layout in
      layers.allSatisfy { layer in
        layer.bias.map { layer.accepts(biasCount: $0.count, layout: layout) } ?? true
      }
    }
    return possible.count == 1 ? possible[0] : nil
  }

  private static func sizes(
    of layers: [UnorderedLayer], _ layout: WeightShape.Order
  ) -> [(input: Int, output: Int)] {
    layers.map { layer in
      let weights = layer.weights(layout)
      return (weights.channels, weights.rows)
    }
  }
}

/// An order in which each layer's inputs are the outputs of the one before; nil if there is none.
///
/// Sizes are nodes and layers edges of a graph, so this is an Eulerian path (Hierholzer 1873). Of
/// several paths, edges listed earlier are taken earlier.
private func chain(_ sizes: [(input: Int, output: Int)]) -> [Int]? {
  guard let first = sizes.first else { return nil }
  var waiting = [Int: [Int]]()  // For each size the layers that take it, last first.
  var surplus = [Int: Int]()  // For each size how many more layers take than give it.
  for (index, size) in sizes.enumerated().reversed() {
    waiting[size.input, default: []].append(index)
    surplus[size.input, default: 0] += 1
    surplus[size.output, default: 0] -= 1
  }
  let starts = surplus.filter { $0.value > 0 }
  guard starts.count <= 1, starts.allSatisfy({ $0.value == 1 }) else { return nil }

  var order: [Int] = []
  var path: [(layer: Int?, size: Int)] = [(nil, starts.first?.key ?? first.input)]
  while let end = path.last {
    if let next = waiting[end.size]?.popLast() {
      path.append((next, sizes[next].output))
    } else {
      path.removeLast()
      if let layer = end.layer { order.append(layer) }
    }
  }
  return order.count == sizes.count ? order.reversed() : nil
}
