/// Numbers in memory of their own that begins at a cache line.
///
/// A vector that crosses from one line into the next takes twice as long to load, and arrays begin
/// anywhere.
final class AlignedBuffer<Element: BitwiseCopyable & Sendable> {
  let start: UnsafeMutablePointer<Element>
  let count: Int

  /// Creates a buffer of equal elements.
  init(repeating element: Element, count: Int) {
    let bytes = UnsafeMutableRawPointer.allocate(
      byteCount: max(1, count) * MemoryLayout<Element>.stride, alignment: 64)
    start = bytes.bindMemory(to: Element.self, capacity: max(1, count))
    start.initialize(repeating: element, count: count)
    self.count = count
  }

  /// Creates a buffer that holds the elements of an array.
  convenience init(_ elements: [Element]) where Element: AdditiveArithmetic {
    self.init(repeating: .zero, count: elements.count)
    start.update(from: elements, count: elements.count)
  }

  deinit { UnsafeMutableRawPointer(start).deallocate() }
}

// SAFETY: whoever makes a buffer fills it before it is shared (layers), or is its only owner
// (`Workspace`, which cannot be copied).
extension AlignedBuffer: @unchecked Sendable {}
