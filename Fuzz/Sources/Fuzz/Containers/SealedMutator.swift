import BBBKernels
import BBBTensors
import CLibFuzzer

/// Changes the inside of containers.
struct SealedMutator {
  private var generator: SplitMix64
  private let byteLimit: Int

  /// The most bytes of a part, so that sealing stays cheap.
  private static let partLimit = 1 << 16
  private static let partCountLimit = 64

  init(seed: UInt64, byteLimit: Int) {
    generator = SplitMix64(seed: seed)
    self.byteLimit = byteLimit
  }

  /// A changed container; nil if the bytes are none, or chance wants them mutated as they are.
  mutating func mutated(_ bytes: [UInt8], as type: any SealedContainer.Type) -> [UInt8]? {
    let choice = Int.random(in: 0..<16, using: &generator)
    guard choice > 0, var container = type.init(bytes) else { return nil }
    switch choice {
    case 1:
      var bytes = libFuzzerMutated(container.sealed(), limit: byteLimit)
      type.repairChecksums(&bytes)
      return bytes
    case 2: changePart(of: &container) { $0.label = libFuzzerMutated($0.label, limit: 64) }
    case 3: rearrange(&container)
    default:
      for _ in 0..<(choice < 12 ? 1 : 2) {
        changePart(of: &container) {
          $0.content = libFuzzerMutated($0.content, limit: Self.partLimit)
        }
      }
    }
    return withinLimit(container.sealed())
  }

  /// A container of the first one's parts, one of which comes from the second; nil if one is none.
  mutating func crossed(
    _ first: [UInt8], _ second: [UInt8], as type: any SealedContainer.Type
  ) -> [UInt8]? {
    guard var container = type.init(first), let donor = type.init(second),
      let part = donor.parts.randomElement(using: &generator)
    else { return nil }
    if let index = container.parts.indices.randomElement(using: &generator) {
      container.parts[index].content = part.content
      if Bool.random(using: &generator) { container.parts[index].label = part.label }
    } else {
      container.parts = [part]
    }
    return withinLimit(container.sealed())
  }

  private func withinLimit(_ bytes: [UInt8]) -> [UInt8]? {
    bytes.count <= byteLimit ? bytes : nil
  }

  private mutating func changePart(
    of container: inout any SealedContainer, _ change: (inout ContainerPart) -> Void
  ) {
    guard let index = partIndex(of: container) else { return }
    change(&container.parts[index])
  }

  /// A part at random: any, or the one that holds a byte at random, because archives of many small
  /// parts have one large part that matters.
  private mutating func partIndex(of container: any SealedContainer) -> Int? {
    let byteCount = container.parts.reduce(0) { $0 + $1.content.count }
    guard byteCount > 0, Bool.random(using: &generator) else {
      return container.parts.indices.randomElement(using: &generator)
    }
    var byte = Int.random(in: 0..<byteCount, using: &generator)
    return container.parts.firstIndex { part in
      byte -= part.content.count
      return byte < 0
    }
  }

  private mutating func rearrange(_ container: inout any SealedContainer) {
    guard let first = container.parts.indices.randomElement(using: &generator),
      let second = container.parts.indices.randomElement(using: &generator)
    else { return }
    switch Int.random(in: 0..<4, using: &generator) {
    case 0: container.parts.remove(at: first)
    case 1: container.parts.swapAt(first, second)
    case 2: container.parts[first].content = container.parts[second].content
    default:
      guard container.parts.count < Self.partCountLimit else { return }
      container.parts.insert(container.parts[second], at: first)
    }
  }
}

/// Bytes mutated as libFuzzer does by itself.
private func libFuzzerMutated(_ bytes: [UInt8], limit: Int) -> [UInt8] {
  let limit = max(limit, bytes.count)
  var buffer = bytes + [UInt8](repeating: 0, count: limit - bytes.count)
  // SAFETY: libFuzzer changes at most the `limit` bytes of the buffer.
  let count = buffer.withUnsafeMutableBufferPointer { buffer in
    buffer.baseAddress.map { LLVMFuzzerMutate($0, bytes.count, limit) } ?? 0
  }
  return Array(buffer.prefix(count))
}
