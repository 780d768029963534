/// A `.bbbz` file, checked and described, with nothing inflated but its network section.
///
/// ``sections`` tells where the bytes go; ``CompactModel/init(bytes:path:)`` reads the network itself.
struct CompactModelFile {
  let description: NetworkDescription
  /// The network section first, then three sections per layer; ancillary ones are left out.
  private let required: [CompactModelContainer.Section]
  /// All sections, in file order.
  let sections: [CompactModelContainer.Section]

  /// Reads the container and the network section, and checks that each layer has its sections.
  init(bytes: [UInt8]) throws(CompactModelError) {
    sections = try CompactModelContainer(bytes).sections
    required = sections.filter { !SectionKind.isAncillary($0.kind) }
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
    var expected = [(SectionKind.network, 0)]
    for index in description.layers.indices {
      expected += [(.connections, index), (.values, index), (.biases, index)]
    }
    let isComplete =
      required.count == expected.count
      && zip(required, expected).allSatisfy { $0.kind == $1.0.rawValue && $0.layer == $1.1 }
    guard isComplete else {
      throw CompactModelError(
        .malformed,
        "the sections are not those of \(description.layers.count) layers, in order; "
          + "the file is damaged or forged")
    }
  }

  /// A section that `init` found to be there.
  func section(_ kind: SectionKind, ofLayer index: Int) -> CompactModelContainer.Section {
    required[kind == .network ? 0 : 3 * index + Int(kind.rawValue) - 1]
  }
}
