import CBBBKernels

/// Numbers in memory of their own that begins at a cache line.
///
/// A vector that crosses from one line into the next takes twice as long to load, and arrays begin
/// anywhere. A class, so that threads share one copy; who writes which part is the business of whoever shares it out.
package final class AlignedBuffer<Element: BitwiseCopyable & Sendable> {
  /// The first element.
  package let start: UnsafeMutablePointer<Element>
  /// The number of elements, without the padding.
  package let count: Int

  /// Creates a buffer of equal elements.
  ///
  /// - Parameters:
  ///   - element: Every element, and the padding.
  ///   - count: How many elements.
  ///   - blockLength: What the memory is padded to a multiple of, in elements.
  @inlinable package init(repeating element: Element, count: Int, paddedTo blockLength: Int = 1) {
    let padded = max(1, (count + blockLength - 1) / blockLength) * blockLength
    let bytes = UnsafeMutableRawPointer.allocate(
      byteCount: padded * MemoryLayout<Element>.stride, alignment: 64)
    start = bytes.bindMemory(to: Element.self, capacity: padded)
    // Whole blocks at a time, which is fast for elements of any type.
    start.initialize(to: element)
    var filled = 1
    while filled < padded {
      let next = min(filled, padded - filled)
      (start + filled).initialize(from: start, count: next)
      filled += next
    }
    self.count = count
  }

  /// Creates a buffer that holds the elements of an array.
  ///
  /// - Parameter elements: The elements.
  @inlinable package convenience init(_ elements: [Element]) where Element: AdditiveArithmetic {
    self.init(repeating: .zero, count: elements.count)
    start.update(from: elements, count: elements.count)
  }

  deinit { UnsafeMutableRawPointer(start).deallocate() }

  /// The elements as an array, without the padding; as many are to be set.
  @inlinable package var values: [Element] {
    get { Array(UnsafeBufferPointer(start: start, count: count)) }
    set {
      precondition(newValue.count == count, "as many elements as there are")
      start.update(from: newValue, count: count)
    }
  }
}

extension AlignedBuffer<Float> {
  /// Creates a buffer of zeros, padded to whole blocks of noise as the kernels of training ask for.
  ///
  /// - Parameter count: How many elements.
  package convenience init(inNoiseBlocks count: Int) {
    self.init(repeating: 0, count: count, paddedTo: Int(BBB_NOISE_BLOCK))
  }
}

// SAFETY: whoever makes a buffer fills it before it is shared, is its only owner, or shares out what is written.
extension AlignedBuffer: @unchecked Sendable {}
