#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

extension Tensor {
  /// Has the system read elements of a mapped file soon, while others are worked on.
  ///
  /// Nothing happens where the elements are not contiguous, or in memory anyway.
  ///
  /// - Parameter range: Row-major positions, within `0..<count`.
  package func prefetch(_ range: Range<Int>) {
    withMappedPages(of: range, isWhole: false) { start, byteCount in
      madvise(start, byteCount, MADV_WILLNEED)
    }
  }

  /// Gives back the memory of elements of a mapped file that are not needed for now.
  ///
  /// The elements can still be read, from the file. Without this, whatever was read of a mapped file
  /// counts as memory of the process. Nothing happens where the elements are not contiguous, or not
  /// those of a mapped file.
  ///
  /// - Parameter range: Row-major positions, within `0..<count`.
  package func release(_ range: Range<Int>) {
    withMappedPages(of: range, isWhole: true) { start, byteCount in
      madvise(start, byteCount, MADV_DONTNEED)
    }
  }

  /// Hands over the pages of a mapped file that elements lie in.
  ///
  /// - Parameters:
  ///   - range: Row-major positions.
  ///   - isWhole: Whether pages that hold other bytes too are left out.
  ///   - body: Called with the first page's address and the number of bytes, unless there are none.
  private func withMappedPages(
    of range: Range<Int>, isWhole: Bool, _ body: (UnsafeMutableRawPointer, Int) -> Int32
  ) {
    guard storage.isMapped, isContiguous, case .plain(let data) = storage.content,
      let first = TensorShape.byteCount(of: offset + range.lowerBound, bitCount: elementType.bitCount),
      let end = TensorShape.byteCount(of: offset + range.upperBound, bitCount: elementType.bitCount)
    else { return }
    // SAFETY: only addresses are computed; both ends lie within the mapping, which is a whole number of
    // pages. The pages are never written, so that the file still has what `MADV_DONTNEED` drops.
    data.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return }
      let page = UInt(getpagesize())
      let start = UInt(bitPattern: base) + UInt(first)
      let stop = UInt(bitPattern: base) + UInt(end)
      let from = (isWhole ? start + page - 1 : start) / page * page
      let to = (isWhole ? stop : stop + page - 1) / page * page
      guard from < to, let pointer = UnsafeMutableRawPointer(bitPattern: from) else { return }
      // Advice: that it is not taken costs memory or time, nothing else.
      _ = body(pointer, Int(to - from))
    }
  }
}
