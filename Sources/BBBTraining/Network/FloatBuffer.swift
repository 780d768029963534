import CBBBKernels

/// Numbers in memory of their own: aligned to cache lines and padded as the kernels ask for.
///
/// A class, so that threads share one copy; who writes which part is the business of the forward and backward passes.
final class FloatBuffer: @unchecked Sendable {
  /// The number of elements, without the padding.
  let count: Int
  /// The first element; the padding after the last one is zero at the start.
  let start: UnsafeMutablePointer<Float>

  init(count: Int) {
    self.count = count
    let block = Int(BBB_NOISE_BLOCK)
    let padded = max(1, (count + block - 1) / block) * block
    let memory = UnsafeMutableRawPointer.allocate(byteCount: padded * 4, alignment: 64)
    start = memory.bindMemory(to: Float.self, capacity: padded)
    start.initialize(repeating: 0, count: padded)
  }

  deinit { start.deallocate() }

  /// The elements as an array.
  var values: [Float] {
    get { Array(UnsafeBufferPointer(start: start, count: count)) }
    set {
      precondition(newValue.count == count)
      newValue.withUnsafeBufferPointer { source in
        if let base = source.baseAddress { start.update(from: base, count: count) }
      }
    }
  }
}
