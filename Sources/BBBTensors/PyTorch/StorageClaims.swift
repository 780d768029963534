/// How many bytes the tensors of a checkpoint view, and how many their storages hold.
///
/// Tensors may share a storage, as tied weights do. A forged file can make thousands share one, so
/// that reading each of them takes far more memory than the file suggests.
struct StorageClaims {
  /// The most bytes viewed for each byte held; tied weights share a storage a few times.
  private static let ratioLimit = 64
  /// So many bytes may be viewed whatever the storages hold.
  private static let harmlessByteCount = 16 << 20
  /// The most bytes unfolded from sparse tensors for each byte held: one weight in a thousand is left.
  private static let unfoldingLimit = 1024

  private var tensorCount = 0
  /// Stays at the largest number there is once it is reached.
  private var viewedByteCount = 0
  /// What sparse tensors take with all their elements, counted alike.
  private var unfoldedByteCount = 0
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
    viewedByteCount = Self.sum(viewedByteCount, byteCount)
  }

  /// Counts what a sparse tensor takes with all its elements.
  mutating func add(unfolding byteCount: Int) {
    unfoldedByteCount = Self.sum(unfoldedByteCount, byteCount)
  }

  private static func sum(_ first: Int, _ second: Int) -> Int {
    let (sum, overflow) = first.addingReportingOverflow(second)
    return overflow ? .max : sum
  }

  /// Checks that the views are in proportion to what they view.
  ///
  /// - Throws: ``TensorFileError`` if too many tensors claim the same storages.
  func check(path: String) throws(TensorFileError) {
    let heldByteCount = heldByteCounts.values.reduce(0, Self.sum)
    guard
      !Self.isOutOfProportion(unfoldedByteCount, heldByteCount, limit: Self.unfoldingLimit)
    else {
      throw TensorFileError(
        .unsupported, path: path,
        "the file's sparse tensors take \(unfoldedByteCount) bytes with all their elements, while the "
          + "file holds \(heldByteCount); save what .to_dense() makes of them")
    }
    guard Self.isOutOfProportion(viewedByteCount, heldByteCount, limit: Self.ratioLimit) else {
      return
    }
    throw TensorFileError(
      .unsupported, path: path,
      "too many tensors claim the same storage: \(tensorCount) tensors view \(viewedByteCount) "
        + "bytes of storages that hold \(heldByteCount); save copies made with .clone()")
  }

  private static func isOutOfProportion(_ claimed: Int, _ held: Int, limit: Int) -> Bool {
    claimed > harmlessByteCount && claimed / limit > held
  }
}
