#if !canImport(Accelerate)
  #if canImport(Glibc)
    import Glibc
  #elseif canImport(Musl)
    import Musl
  #endif

  /// OpenBLAS, loaded when training begins.
  ///
  /// Not linked: what only prunes, measures or predicts is built and runs without it.
  struct OpenBLAS: Sendable {
    /// `cblas_sgemm`.
    let multiply:
      @convention(c) @Sendable (
        Int32, Int32, Int32, Int32, Int32, Int32, Float, UnsafePointer<Float>, Int32,
        UnsafePointer<Float>, Int32, Float, UnsafeMutablePointer<Float>, Int32
      ) -> Void
    /// `openblas_get_num_threads`.
    let threadCount: @convention(c) @Sendable () -> Int32
    /// `openblas_set_num_threads`.
    let setThreadCount: @convention(c) @Sendable (Int32) -> Void

    /// The library, or why there is none.
    static let shared = Result<OpenBLAS, TrainingError> { () throws(TrainingError) in
      try OpenBLAS()
    }

    /// Why the library could not be loaded: it is not there, or it is and there is no room for it.
    private static var missing: TrainingError {
      if let reason = dlerror().map({ String(cString: $0) }),
        reason.contains("map") || reason.contains("alloc")
      {
        return TrainingError(
          .missingLibrary,
          "training needs OpenBLAS, for which there is not enough memory (\(reason)); raise the limit ('ulimit -v')"
        )
      }
      return TrainingError(
        .missingLibrary,
        "training needs OpenBLAS, which is not installed; install it (Debian, Ubuntu:"
          + " apt-get install libopenblas0; Fedora: dnf install openblas)")
    }

    /// CBLAS's `CblasRowMajor`.
    static let rowMajor: Int32 = 101

    /// CBLAS's `CblasNoTrans` or `CblasTrans`.
    static func order(_ matrix: MatrixProduct.Matrix) -> Int32 {
      matrix.isTransposed ? 112 : 111
    }

    private init() throws(TrainingError) {
      let names = ["libopenblas.so.0", "libopenblas.so", "libopenblasp.so.0"]
      guard let library = names.lazy.compactMap({ dlopen($0, RTLD_NOW | RTLD_LOCAL) }).first,
        let multiply = dlsym(library, "cblas_sgemm"),
        let threadCount = dlsym(library, "openblas_get_num_threads"),
        let setThreadCount = dlsym(library, "openblas_set_num_threads")
      else {
        throw Self.missing
      }
      // SAFETY: the signatures are those of OpenBLAS's cblas.h, with 32-bit integers.
      self.multiply = unsafeBitCast(multiply, to: type(of: self.multiply))
      self.threadCount = unsafeBitCast(threadCount, to: type(of: self.threadCount))
      self.setThreadCount = unsafeBitCast(setThreadCount, to: type(of: self.setThreadCount))
    }
  }
#endif
