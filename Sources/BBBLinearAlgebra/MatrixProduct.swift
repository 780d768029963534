#if canImport(Accelerate)
  import Accelerate
#else
  import Synchronization
#endif

/// Products of row-major matrices by the platform's BLAS: Accelerate or OpenBLAS.
package enum MatrixProduct {
  /// A part of a row-major matrix in memory, whose rows lie `stride` elements apart.
  package struct Matrix {
    let start: UnsafeMutablePointer<Float>
    let stride: Int
    let isTransposed: Bool

    /// Describes a part.
    ///
    /// - Parameters:
    ///   - start: Its first element.
    ///   - stride: From one row to the next.
    ///   - isTransposed: Whether the factor meant is the transpose of what lies in memory.
    package init(start: UnsafeMutablePointer<Float>, stride: Int, isTransposed: Bool = false) {
      self.start = start
      self.stride = stride
      self.isTransposed = isTransposed
    }
  }

  /// result (rows × columns) = left (rows × depth) · right (depth × columns).
  ///
  /// - Parameters:
  ///   - left: The left factor.
  ///   - right: The right factor.
  ///   - result: Where the product goes.
  ///   - isAdded: Whether it is added to what is there.
  ///   - rows: The rows of the left factor.
  ///   - columns: The columns of the right factor.
  ///   - depth: The columns of the left factor.
  package static func multiply(
    _ left: Matrix, by right: Matrix, into result: Matrix, isAdded: Bool = false, rows: Int,
    columns: Int, depth: Int
  ) {
    let share: Float = isAdded ? 1 : 0
    #if canImport(Accelerate)
      cblas_sgemm(
        CblasRowMajor, left.isTransposed ? CblasTrans : CblasNoTrans,
        right.isTransposed ? CblasTrans : CblasNoTrans, Int32(rows), Int32(columns), Int32(depth),
        1, left.start, Int32(left.stride), right.start, Int32(right.stride), share,
        result.start, Int32(result.stride))
    #else
      library.multiply(
        OpenBLAS.rowMajor, OpenBLAS.order(left), OpenBLAS.order(right), Int32(rows),
        Int32(columns), Int32(depth), 1, left.start, Int32(left.stride), right.start,
        Int32(right.stride), share, result.start, Int32(result.stride))
    #endif
  }

  /// Checks that there is a BLAS.
  ///
  /// - Throws: ``MissingLibrary``.
  package static func requireLibrary() throws(MissingLibrary) {
    #if !canImport(Accelerate)
      _ = try OpenBLAS.shared.get()
    #endif
  }

  /// How many threads can compute products at the same time: fewer than wanted where memory is limited.
  package static func threadCount(upTo most: Int) -> Int {
    #if canImport(Accelerate)
      most
    #else
      library.simultaneousProducts(upTo: max(1, most))
    #endif
  }

  #if !canImport(Accelerate)
    /// How many runs keep OpenBLAS, which has one setting for the whole process, to one thread, and
    /// how many threads it had before the first of them.
    private static let limit = Mutex((users: 0, threads: Int32(1)))

    static var library: OpenBLAS {
      guard case .success(let library) = OpenBLAS.shared else {
        preconditionFailure("nobody multiplies where the library is missing")
      }
      return library
    }
  #endif

  /// Runs `body` with a BLAS that makes no threads of its own: ours call it at the same time.
  package static func withOneThreadPerProduct<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    #if canImport(Accelerate)
      BLASSetThreading(BLAS_THREADING_SINGLE_THREADED)
      return try body()
    #else
      let library = library
      limit.withLock { limit in
        if limit.users == 0 {
          limit.threads = library.threadCount()
          library.setThreadCount(1)
        }
        limit.users += 1
      }
      defer {
        limit.withLock { limit in
          limit.users -= 1
          if limit.users == 0 { library.setThreadCount(limit.threads) }
        }
      }
      return try body()
    #endif
  }
}
