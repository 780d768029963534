import BBBNetwork

/// A `.bbbz` file, checked and described, with nothing inflated but its description.
///
/// ``sections`` tells where the bytes go; ``CompactModel/init(bytes:path:)`` reads the network itself.
struct CompactModelFile {
  let description: ModelDescription
  /// How bytes become inputs.
  let inputScaling: InputScaling
  /// The names and shapes of inputs and outputs.
  let ports: Ports
  /// All sections, in file order.
  let sections: [CompactModelContainer.Section]
  /// The sections of each parameter: one, or in files of version 1.0 its connections, values and biases.
  private let parameterSections: [[CompactModelContainer.Section]]
  /// The standard deviations of each parameter, where the file has them.
  private let deviationSections: [CompactModelContainer.Section?]

  /// Reads the container and the description, and checks that each parameter has its sections.
  init(bytes: [UInt8]) throws(CompactModelError) {
    let container = try CompactModelContainer(bytes)
    sections = container.sections
    let required = sections.filter { !SectionKind.isAncillary($0.kind) }
    if let unknown = required.first(where: { SectionKind(rawValue: $0.kind) == nil }) {
      throw CompactModelError(
        .unsupportedVersion,
        "the file holds a section of kind \(unknown.kind), which this program does not know; "
          + "update bbbprune")
    }
    let isFirstVersion = container.version == 1
    let kind: SectionKind = isFirstVersion ? .network : .graph
    guard let first = required.first, first.kind == kind.rawValue else {
      throw CompactModelError(
        .malformed, "the first section does not describe the network; the file is damaged")
    }
    let content = try CompactModelContainer.inflated(first)
    description =
      isFirstVersion ? try NetworkSection.decode(content) : try GraphSection.decode(content)
    var rest = required.dropFirst()
    inputScaling = try Self.inputScaling(&rest, description)
    parameterSections = try Self.parameterSections(
      rest, count: description.matrices.count, canBeApart: isFirstVersion)
    deviationSections = try Self.deviationSections(sections, count: description.matrices.count)
    ports = try Self.ports(sections, description)
  }

  /// Takes the section of means and deviations off the sections behind the network's, if it is there.
  private static func inputScaling(
    _ sections: inout ArraySlice<CompactModelContainer.Section>, _ description: ModelDescription
  ) throws(CompactModelError) -> InputScaling {
    guard let section = sections.first, section.kind == SectionKind.inputScaling.rawValue else {
      guard let scaling = InputScaling(factor: description.inputFactor) else {
        preconditionFailure("the description has checked the factor")
      }
      return scaling
    }
    guard section.parameter == 0 else { throw wrongSections(description.matrices.count) }
    sections = sections.dropFirst()
    return try InputScalingSection.decode(
      try CompactModelContainer.inflated(section), factor: description.inputFactor,
      inputCount: description.network.inputCount)
  }

  /// Reads the names and shapes of inputs and outputs, if the file has them.
  private static func ports(
    _ sections: [CompactModelContainer.Section], _ description: ModelDescription
  ) throws(CompactModelError) -> Ports {
    let sections = sections.filter { $0.kind == SectionKind.ports.rawValue }
    guard let section = sections.first else { return Ports(of: description.network) }
    guard sections.count == 1, section.parameter == 0 else {
      throw wrongSections(description.matrices.count)
    }
    return try PortsSection.decode(
      try CompactModelContainer.inflated(section), of: description.network)
  }

  private static func parameterSections(
    _ sections: ArraySlice<CompactModelContainer.Section>, count: Int, canBeApart: Bool
  ) throws(CompactModelError) -> [[CompactModelContainer.Section]] {
    let apart: [SectionKind] = [.connections, .values, .biases]
    var rest = sections
    var parameters: [[CompactModelContainer.Section]] = []
    for index in 0..<count {
      let isWhole = rest.first?.kind == SectionKind.parameter.rawValue
      let kinds = isWhole || !canBeApart ? [SectionKind.parameter] : apart
      let parameter = rest.prefix(kinds.count)
      guard parameter.count == kinds.count,
        zip(parameter, kinds).allSatisfy({ $0.kind == $1.rawValue && $0.parameter == index })
      else {
        throw wrongSections(count)
      }
      parameters.append(Array(parameter))
      rest = rest.dropFirst(kinds.count)
    }
    guard rest.isEmpty else { throw wrongSections(count) }
    return parameters
  }

  private static func deviationSections(
    _ sections: [CompactModelContainer.Section], count: Int
  ) throws(CompactModelError) -> [CompactModelContainer.Section?] {
    var parameters = [CompactModelContainer.Section?](repeating: nil, count: count)
    for section in sections where section.kind == SectionKind.deviations.rawValue {
      guard section.parameter < count, parameters[section.parameter] == nil else {
        throw wrongSections(count)
      }
      parameters[section.parameter] = section
    }
    return parameters
  }

  private static func wrongSections(_ count: Int) -> CompactModelError {
    CompactModelError(
      .malformed,
      "the sections are not those of \(count) matrices, in order; the file is damaged or forged")
  }

  /// A parameter's content: cost, connections, values, biases.
  func payload(ofParameter index: Int) throws(CompactModelError) -> [UInt8] {
    let sections = parameterSections[index]
    if sections.count == 1 { return try CompactModelContainer.inflated(sections[0]) }
    // Files of version 1.0 know no cost.
    var payload = MatrixCost.segment(.nan).bytes
    for section in sections { payload += try CompactModelContainer.inflated(section) }
    return payload
  }

  /// The inflated standard deviations of a parameter; `nil` if the file has none.
  func deviations(ofParameter index: Int) throws(CompactModelError) -> [UInt8]? {
    guard let section = deviationSections[index] else { return nil }
    return try CompactModelContainer.inflated(section)
  }
}
