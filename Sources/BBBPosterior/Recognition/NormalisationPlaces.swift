import BBBNetwork
import BBBTensors

/// Where batch normalisations stand in a chain of layers, and so into which layer each is folded.
///
/// One that follows a layer, before the activation, is folded into the layer's outputs; one behind an
/// activation, or before the first layer, into the inputs of the layer after it. Names say which (numbers in a
/// `Sequential` count the activations too), else the order of the file, else sizes.
struct NormalisationPlaces {
  /// By the index of the layer whose outputs are normalised.
  private(set) var ofOutputs: [Int: BatchNormalisation] = [:]
  /// By the index of the layer whose inputs are.
  private(set) var ofInputs: [Int: BatchNormalisation] = [:]
  /// All that have a place.
  var normalisations: [BatchNormalisation] { Array(ofInputs.values) + Array(ofOutputs.values) }
  /// Whether none has a place.
  var isEmpty: Bool { ofInputs.isEmpty && ofOutputs.isEmpty }
  /// Why one has no place, as a sentence; `nil` if all have, or if the layers are no chain.
  private(set) var obstacle: String?
  /// What is assumed of those that have, as a sentence; `nil` if there are none.
  private(set) var assumption: String?

  /// Finds the places.
  ///
  /// - Parameters:
  ///   - found: The batch normalisations.
  ///   - order: The layers; none has a place if they are not matrices that form a chain.
  init(_ found: [FoundNormalisation], in order: LayerOrder) {
    guard order.isChain, !found.isEmpty,
      !order.layers.contains(where: \.isConvolution)
    else { return }
    var texts: [String] = []
    for one in found {
      let search = PlaceSearch(one, in: order)
      guard let place = search.place, insert(one.normalisation, at: place) else {
        (ofOutputs, ofInputs) = ([:], [:])
        obstacle = search.obstacle
        return
      }
      texts.append(search.text(of: place))
    }
    let epsilons = Set(found.map(\.normalisation.epsilon)).sorted().map { "\($0)" }
    assumption =
      "batch normalisation is folded into the layers (\(listing(of: texts))), with "
      + "ε = \(epsilons.joined(separator: " and ")), the library's default, which the file does not hold"
    let bayesian = found.filter(\.normalisation.hasDeviations).map(\.normalisation.name)
    if !bayesian.isEmpty {
      assumption? += "; of \(listing(of: bayesian)), which have a posterior, the means are used"
    }
  }

  /// Whether there was room.
  private mutating func insert(
    _ normalisation: BatchNormalisation, at place: NormalisationPlace
  ) -> Bool {
    let layer = place.layer
    switch place.side {
    case .outputs: return ofOutputs.updateValue(normalisation, forKey: layer) == nil
    case .inputs: return ofInputs.updateValue(normalisation, forKey: layer) == nil
    }
  }
}

/// A place in a chain of layers.
struct NormalisationPlace: Equatable {
  enum Side: Equatable {
    case outputs
    case inputs
  }

  /// The index of the layer.
  var layer: Int
  /// Which numbers of it are normalised.
  var side: Side
  /// Whether names prove on which side of the activation it stands.
  var isCertain: Bool
}

/// The search for one batch normalisation's place.
private struct PlaceSearch {
  /// A name taken apart: `net.bn2` is `net`, `bn` and 2.
  private struct Name {
    let parent: Substring
    let word: Substring
    let number: Int?

    init(_ name: String) {
      let last = ParameterName.lastComponent(of: name)
      parent = name.dropLast(last.count)
      let digits = last.reversed().prefix { ("0"..."9").contains($0) }.count
      number = Int(last.suffix(digits))
      word = last.dropLast(digits)
    }
  }

  private let name: String
  private let unitCount: Int
  private let layerNames: [String]
  private let sizes: [(input: Int, output: Int)]
  /// The layer that stands before it in the file; `nil` if the order of the file says nothing.
  private let layerBefore: Int?

  init(_ found: FoundNormalisation, in order: LayerOrder) {
    name = found.normalisation.name
    unitCount = found.normalisation.unitCount
    layerNames = order.layers.map { ParameterName.layer(ofWeight: $0.weight.name) }
    sizes = order.layers.map { layer in
      let weights = layer.weights(order.layout)
      return (weights.channels, weights.rows)
    }
    layerBefore = Self.layerBefore(found, order)
  }

  private static func layerBefore(_ found: FoundNormalisation, _ order: LayerOrder) -> Int? {
    guard found.file.format != .safetensors else { return nil }
    var places: [String: Int] = [:]
    for (place, tensor) in found.file.tensors.enumerated() { places[tensor.name] = place }
    let positions = order.layers.map { layer in
      places[layer.weight.gaussian.mean.name] ?? places[layer.weight.name]
    }
    let known = positions.compactMap(\.self)
    guard known.count == positions.count, known == known.sorted() else { return nil }
    let before = known.lastIndex { $0 < found.position }
    // Behind all layers may stand what was only defined there.
    return before == known.count - 1 ? nil : before
  }

  /// The place; `nil` if nothing decides.
  var place: NormalisationPlace? {
    if let inSequence { return fits(inSequence) ? inSequence : nil }
    if let partner {
      for side in [NormalisationPlace.Side.outputs, .inputs] {
        let place = NormalisationPlace(layer: partner, side: side, isCertain: false)
        if fits(place) { return place }
      }
      return nil
    }
    if let layerBefore {
      let place = NormalisationPlace(layer: layerBefore, side: .outputs, isCertain: false)
      if fits(place) { return place }
    }
    let places =
      [NormalisationPlace(layer: 0, side: .inputs, isCertain: true)]
      + layerNames.indices.map { NormalisationPlace(layer: $0, side: .outputs, isCertain: false) }
    let fitting = places.filter(fits)
    return fitting.count == 1 ? fitting[0] : nil
  }

  private func fits(_ place: NormalisationPlace) -> Bool {
    let size = sizes[place.layer]
    return unitCount == (place.side == .outputs ? size.output : size.input)
  }

  /// The place in a `Sequential`, whose numbers count the modules without parameters too.
  private var inSequence: NormalisationPlace? {
    let own = Name(name)
    guard own.word.isEmpty, let number = own.number else { return nil }
    let siblings = layerNames.indices.compactMap { index -> (layer: Int, number: Int)? in
      let layer = Name(layerNames[index])
      guard layer.word.isEmpty, layer.parent == own.parent, let number = layer.number else {
        return nil
      }
      return (index, number)
    }
    let before = siblings.filter { $0.number < number }.max { $0.number < $1.number }
    let after = siblings.filter { $0.number > number }.min { $0.number < $1.number }
    let gapBefore = before.map { number - $0.number - 1 }
    let gapAfter = after.map { $0.number - number - 1 }
    switch (before, after) {
    case (let before?, _) where gapBefore == 0:
      // With nothing between it and the next layer, the activation is elsewhere.
      return NormalisationPlace(layer: before.layer, side: .outputs, isCertain: gapAfter != 0)
    case (let before?, _) where before.layer + 1 < layerNames.count:
      return NormalisationPlace(layer: before.layer + 1, side: .inputs, isCertain: gapAfter == 0)
    case (nil, let after?):
      return NormalisationPlace(
        layer: after.layer, side: .inputs, isCertain: after.layer == 0 && gapAfter == 0)
    default: return nil
    }
  }

  /// The layer that shares its number, or its module.
  private var partner: Int? {
    let own = Name(name)
    let names = layerNames.map(Name.init)
    let numbered = names.indices.filter { index in
      guard let number = own.number, names[index].number == number else { return false }
      return names[index].parent == own.parent
        || (names[index].word.isEmpty && own.word.isEmpty)
    }
    if numbered.count == 1 { return numbered[0] }
    let inModule = names.indices.filter { !own.parent.isEmpty && names[$0].parent == own.parent }
    return inModule.count == 1 ? inModule[0] : nil
  }

  /// A name without the dictionaries that all layers lie in.
  private func short(_ name: String) -> Substring {
    name.dropFirst(ParameterName.sharedDictionary(of: layerNames).count)
  }

  var obstacle: String {
    """
    nothing in the file says which layer its batch normalisation \(short(name)) of \(unitCount) units \
    belongs to; fold it into that layer before saving: multiply μ and σ of each output by γ/√(v + ε)
    """
  }

  func text(of place: NormalisationPlace) -> String {
    let (name, layer) = (short(name), short(layerNames[place.layer]))
    let text =
      switch place.side {
      case .outputs where place.layer == layerNames.count - 1: "\(name) after \(layer)"
      case .outputs: "\(name) between \(layer) and its activation"
      case .inputs where place.layer == 0: "\(name) before \(layer)"
      case .inputs: "\(name) between the activation and \(layer)"
      }
    return place.isCertain ? text : text + ", as is assumed"
  }
}
