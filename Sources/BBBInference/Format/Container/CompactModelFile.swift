import BBBNetwork

/// A `.bbbz` file, checked and described, with nothing inflated but its network section.
///
/// ``sections`` tells where the bytes go; ``CompactModel/init(bytes:path:)`` reads the network itself.
struct CompactModelFile {
  let description: NetworkDescription
  /// How bytes become inputs.
  let inputScaling: InputScaling
  /// All sections, in file order.
  let sections: [CompactModelContainer.Section]
  /// The sections of each layer: one, or in files of version 1.0 its connections, values and biases.
  private let layerSections: [[CompactModelContainer.Section]]
  /// The standard deviations of each layer, where the file has them.
  private let deviationSections: [CompactModelContainer.Section?]

  /// Reads the container and the network section, and checks that each layer has its sections.
  init(bytes: [UInt8]) throws(CompactModelError) {
    sections = try CompactModelContainer(bytes).sections
    let required = sections.filter { !SectionKind.isAncillary($0.kind) }
    if let unknown = required.first(where: { SectionKind(rawValue: $0.kind) == nil }) {
      throw CompactModelError(
        .unsupportedVersion,
        "the file holds a section of kind \(unknown.kind), which this program does not know; "
          + "update bbbprune")
    }
    guard let network = required.first, network.kind == SectionKind.network.rawValue else {
      throw CompactModelError(
        .malformed, "the first section does not describe the network; the file is damaged")
    }
    description = try NetworkDescription(try CompactModelContainer.inflated(network))
    var rest = required.dropFirst()
    inputScaling = try Self.inputScaling(&rest, description)
    layerSections = try Self.layerSections(rest, count: description.layers.count)
    deviationSections = try Self.deviationSections(sections, count: description.layers.count)
  }

  /// Takes the section of means and deviations off the sections behind the network's, if it is there.
  private static func inputScaling(
    _ sections: inout ArraySlice<CompactModelContainer.Section>, _ description: NetworkDescription
  ) throws(CompactModelError) -> InputScaling {
    guard let section = sections.first, section.kind == SectionKind.inputScaling.rawValue else {
      guard let scaling = InputScaling(factor: description.inputFactor) else {
        preconditionFailure("the description has checked the factor")
      }
      return scaling
    }
    guard section.layer == 0 else { throw wrongSections(description.layers.count) }
    sections = sections.dropFirst()
    return try InputScalingSection.decode(
      try CompactModelContainer.inflated(section), factor: description.inputFactor,
      inputCount: description.inputCount)
  }

  private static func layerSections(
    _ sections: ArraySlice<CompactModelContainer.Section>, count: Int
  ) throws(CompactModelError) -> [[CompactModelContainer.Section]] {
    let apart: [SectionKind] = [.connections, .values, .biases]
    var rest = sections
    var layers: [[CompactModelContainer.Section]] = []
    for index in 0..<count {
      let isWhole = rest.first?.kind == SectionKind.layer.rawValue
      let kinds = isWhole ? [SectionKind.layer] : apart
      let layer = rest.prefix(kinds.count)
      guard layer.count == kinds.count,
        zip(layer, kinds).allSatisfy({ $0.kind == $1.rawValue && $0.layer == index })
      else {
        throw wrongSections(count)
      }
      layers.append(Array(layer))
      rest = rest.dropFirst(kinds.count)
    }
    guard rest.isEmpty else { throw wrongSections(count) }
    return layers
  }

  private static func deviationSections(
    _ sections: [CompactModelContainer.Section], count: Int
  ) throws(CompactModelError) -> [CompactModelContainer.Section?] {
    var layers = [CompactModelContainer.Section?](repeating: nil, count: count)
    for section in sections where section.kind == SectionKind.deviations.rawValue {
      guard section.layer < count, layers[section.layer] == nil else { throw wrongSections(count) }
      layers[section.layer] = section
    }
    return layers
  }

  private static func wrongSections(_ layerCount: Int) -> CompactModelError {
    CompactModelError(
      .malformed,
      "the sections are not those of \(layerCount) layers, in order; the file is damaged or forged")
  }

  /// A layer's content: cost, connections, values, biases.
  func payload(ofLayer index: Int) throws(CompactModelError) -> [UInt8] {
    let sections = layerSections[index]
    if sections.count == 1 { return try CompactModelContainer.inflated(sections[0]) }
    // Files of version 1.0 know no cost.
    var payload = MatrixCost.segment(.nan).bytes
    for section in sections { payload += try CompactModelContainer.inflated(section) }
    return payload
  }

  /// The inflated standard deviations of a layer; `nil` if the file has none.
  func deviations(ofLayer index: Int) throws(CompactModelError) -> [UInt8]? {
    guard let section = deviationSections[index] else { return nil }
    return try CompactModelContainer.inflated(section)
  }
}
