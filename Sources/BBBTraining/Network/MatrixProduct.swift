#if canImport(Accelerate)
  import Accelerate
#else
  import COpenBLAS
  import Synchronization
#endif

/// Products of row-major matrices by the platform's BLAS: Accelerate or OpenBLAS.
enum MatrixProduct {
  /// A part of a row-major matrix in memory, whose rows lie `stride` elements apart.
  struct Matrix {
    let start: UnsafeMutablePointer<Float>
    let stride: Int
    /// Whether the factor meant is the transpose of what lies in memory.
    var isTransposed = false
  }

  /// result (rows × columns) = left (rows × depth) · right (depth × columns).
  static func multiply(
    _ left: Matrix, by right: Matrix, into result: Matrix, rows: Int, columns: Int, depth: Int
  ) {
    cblas_sgemm(
      CblasRowMajor, left.isTransposed ? CblasTrans : CblasNoTrans,
      right.isTransposed ? CblasTrans : CblasNoTrans, Int32(rows), Int32(columns), Int32(depth), 1,
      left.start, Int32(left.stride), right.start, Int32(right.stride), 0, result.start,
      Int32(result.stride))
  }

  #if !canImport(Accelerate)
    /// How many runs keep OpenBLAS, which has one setting for the whole process, to one thread, and
    /// how many threads it had before the first of them.
    private static let limit = Mutex((users: 0, threads: Int32(1)))
  #endif

  /// Runs `body` with a BLAS that makes no threads of its own: ours call it at the same time.
  static func withOneThreadPerProduct<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    #if canImport(Accelerate)
      BLASSetThreading(BLAS_THREADING_SINGLE_THREADED)
      return try body()
    #else
      limit.withLock { limit in
        if limit.users == 0 {
          limit.threads = openblas_get_num_threads()
          openblas_set_num_threads(1)
        }
        limit.users += 1
      }
      defer {
        limit.withLock { limit in
          limit.users -= 1
          if limit.users == 0 { openblas_set_num_threads(limit.threads) }
        }
      }
      return try body()
    #endif
  }
}
