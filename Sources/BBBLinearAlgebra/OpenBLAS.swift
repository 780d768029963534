#if !canImport(Accelerate)
  import CBBBLibc

  /// OpenBLAS, loaded when products are asked for.
  ///
  /// Not linked: what only prunes, measures or predicts is built and runs without it.
  struct OpenBLAS: Sendable {
    /// `cblas_sgemm`.
    let multiply:
      @convention(c) @Sendable (
        Int32, Int32, Int32, Int32, Int32, Int32, Float, UnsafePointer<Float>, Int32,
        UnsafePointer<Float>, Int32, Float, UnsafeMutablePointer<Float>, Int32
      ) -> Void
    /// `dpotrf_` and `dpotri_`: the Cholesky factor of a matrix, and the inverse of the matrix from it.
    let factorise: Cholesky
    let invert: Cholesky
    /// `openblas_get_num_threads`.
    let threadCount: @convention(c) @Sendable () -> Int32
    /// `openblas_set_num_threads`.
    let setThreadCount: @convention(c) @Sendable (Int32) -> Void

    /// LAPACK's, in Fortran's calling convention.
    typealias Cholesky =
      @convention(c) @Sendable (
        UnsafePointer<CChar>, UnsafePointer<Int32>, UnsafeMutablePointer<Double>,
        UnsafePointer<Int32>, UnsafeMutablePointer<Int32>
      ) -> Void

    /// `blas_memory_alloc` and `blas_memory_free`, where the library shows them.
    private let buffers: Buffers?

    private struct Buffers: Sendable {
      let allocate: @convention(c) @Sendable (Int32) -> UnsafeMutableRawPointer?
      let free: @convention(c) @Sendable (UnsafeMutableRawPointer?) -> Void
    }

    /// More than the address space that OpenBLAS takes for each product that is computed at the same time, and keeps.
    private static let bufferByteCount = 132 << 20
    /// More than the address space that the library and what it depends on are loaded into.
    private static let libraryByteCount = 44 << 20

    /// The library, or why there is none.
    static let shared = Result<OpenBLAS, MissingLibrary> { () throws(MissingLibrary) in
      try OpenBLAS()
    }

    /// Why the library could not be loaded: it is not there, or it is and there is no room for it.
    private static var missing: MissingLibrary {
      if let reason = dlerror().map({ String(cString: $0) }),
        reason.contains("map") || reason.contains("alloc")
      {
        return tooLarge(reason)
      }
      return MissingLibrary(
        clause: "OpenBLAS, which is not installed; install it (Debian, Ubuntu:"
          + " apt-get install libopenblas0; Fedora: dnf install openblas)")
    }

    /// CBLAS's `CblasRowMajor`.
    static let rowMajor: Int32 = 101

    /// CBLAS's `CblasNoTrans` or `CblasTrans`.
    static func order(_ matrix: MatrixProduct.Matrix) -> Int32 {
      matrix.isTransposed ? 112 : 111
    }

    private init() throws(MissingLibrary) {
      // Where a buffer does not fit, OpenBLAS tries for ever, and it takes the first one while it is loaded.
      guard bbb_has_address_space(Self.libraryByteCount + Self.bufferByteCount) else {
        throw Self.tooLarge("\((Self.libraryByteCount + Self.bufferByteCount) >> 20) MB")
      }
      let names = ["libopenblas.so.0", "libopenblas.so", "libopenblasp.so.0"]
      guard let library = names.lazy.compactMap({ dlopen($0, RTLD_NOW | RTLD_LOCAL) }).first,
        let multiply = dlsym(library, "cblas_sgemm"),
        let factorise = dlsym(library, "dpotrf_"), let invert = dlsym(library, "dpotri_"),
        let threadCount = dlsym(library, "openblas_get_num_threads"),
        let setThreadCount = dlsym(library, "openblas_set_num_threads")
      else {
        throw Self.missing
      }
      // SAFETY: the signatures are those of OpenBLAS's cblas.h, with 32-bit integers.
      self.multiply = unsafeBitCast(multiply, to: type(of: self.multiply))
      self.factorise = unsafeBitCast(factorise, to: Cholesky.self)
      self.invert = unsafeBitCast(invert, to: Cholesky.self)
      self.threadCount = unsafeBitCast(threadCount, to: type(of: self.threadCount))
      self.setThreadCount = unsafeBitCast(setThreadCount, to: type(of: self.setThreadCount))
      if let allocate = dlsym(library, "blas_memory_alloc"),
        let free = dlsym(library, "blas_memory_free")
      {
        // SAFETY: the signatures are those of OpenBLAS's common.h.
        buffers = Buffers(
          allocate: unsafeBitCast(
            allocate, to: (@convention(c) @Sendable (Int32) -> UnsafeMutableRawPointer?).self),
          free: unsafeBitCast(
            free, to: (@convention(c) @Sendable (UnsafeMutableRawPointer?) -> Void).self))
      } else {
        buffers = nil
      }
    }

    /// How many products can be computed at the same time, for which the buffers are then there.
    ///
    /// - Parameter most: How many are wanted, at least 1.
    /// - Returns: At least 1: the buffer for one has been there since the library was loaded.
    func simultaneousProducts(upTo most: Int) -> Int {
      guard most > 1 else { return 1 }
      var held: [UnsafeMutableRawPointer] = []
      var count = 0
      while count < most {
        // The first one is there; each further one is held until all are, so that it is another.
        if count > 0 {
          let missing = buffers == nil ? count : 1
          guard bbb_has_address_space(Self.bufferByteCount * missing) else { break }
        }
        if let buffers {
          guard let buffer = buffers.allocate(0) else { break }
          held.append(buffer)
        }
        count += 1
      }
      for buffer in held { buffers?.free(buffer) }
      return max(1, count)
    }

    private static func tooLarge(_ reason: String) -> MissingLibrary {
      MissingLibrary(
        clause:
          "OpenBLAS, for which there is not enough memory (\(reason)); raise the limit ('ulimit -v')"
      )
    }
  }
#endif
