/// How many bytes the tensors of a checkpoint view, and how many their storages hold.
///
/// Tensors may share a storage, as tied weights do. A forged file can make thousands share one, so
/// that reading each of them takes far more memory than the file suggests.
struct StorageClaims {
  /// The most bytes viewed for each byte held; tied weights share a storage a few times.
  private static let ratioLimit = 64
  /// So many bytes may be viewed whatever the storages hold.
  private static let harmlessByteCount = 16 << 20

  private var tensorCount = 0
  /// Stays at the largest number there is once it is reached.
  private var viewedByteCount = 0
  private var heldByteCounts: [String: Int] = [:]

  /// Counts a tensor, whose declared storage is known to have its bytes.
  mutating func add(_ tensor: Tensor, of storage: TorchStorage) {
    heldByteCounts[storage.key] = TensorShape.byteCount(
      of: storage.count, bitCount: storage.elementType.bitCount)
    tensorCount += 1
    // A view that cannot be read takes no memory.
    guard !tensor.repeatsTooOften else { return }
    let byteCount =
      TensorShape.byteCount(of: tensor.count, bitCount: tensor.elementType.bitCount) ?? .max
    let (sum, overflow) = viewedByteCount.addingReportingOverflow(byteCount)
    viewedByteCount = overflow ? .max : sum
  }

  /// Checks that the views are in proportion to what they view.
  ///
  /// - Throws: ``TensorFileError`` if too many tensors claim the same storages.
  func check(path: String) throws(TensorFileError) {
    var heldByteCount = 0
    for byteCount in heldByteCounts.values {
      let (sum, overflow) = heldByteCount.addingReportingOverflow(byteCount)
      heldByteCount = overflow ? .max : sum
    }
    guard viewedByteCount > Self.harmlessByteCount,
      viewedByteCount / Self.ratioLimit > heldByteCount
    else { return }
    throw TensorFileError(
      .unsupported, path: path,
      "too many tensors claim the same storage: \(tensorCount) tensors view \(viewedByteCount) "
        + "bytes of storages that hold \(heldByteCount); save copies made with .clone()")
  }
}
