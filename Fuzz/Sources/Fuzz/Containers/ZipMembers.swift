import Foundation

@testable import BBBTensors

/// A zip archive taken apart.
///
/// A part's label is its method, 0 or 8, and its name.
struct ZipMembers: SealedContainer {
  var parts: [ContainerPart]

  private static let inflatedLimit = 1 << 20
  private static let deflated: UInt8 = 8

  init?(_ bytes: [UInt8]) {
    guard let archive = try? ZipArchive(Data(bytes), path: "") else { return nil }
    parts = []
    for member in archive.members {
      guard member.byteCount <= Self.inflatedLimit, let content = try? archive.content(of: member)
      else { return nil }
      let method: UInt8 = member.method == .deflated ? Self.deflated : 0
      parts.append(ContainerPart(label: [method] + member.name.utf8, content: Array(content)))
    }
  }

  func sealed() -> [UInt8] {
    var encoder = ZipEncoder()
    for part in parts {
      // Only an archive of 4 GiB is refused, and none is made here.
      try? encoder.append(
        name: String(decoding: part.label.dropFirst(), as: UTF8.self), content: Data(part.content),
        isCompressed: part.label.first == Self.deflated)
    }
    return Array(encoder.finished())
  }
}
