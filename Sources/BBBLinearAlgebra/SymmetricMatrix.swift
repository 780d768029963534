#if canImport(Accelerate)
  import Accelerate
#endif

/// Positive definite matrices in double precision, by the platform's LAPACK: a square of numbers of which the lower triangle
/// (row ≥ column, row-major) is meant.
package enum SymmetricMatrix {
  /// Puts the Cholesky factor L, A = L Lᵀ, in place of a matrix.
  ///
  /// - Parameters:
  ///   - matrix: The matrix, `count` × `count`.
  ///   - count: The rows.
  /// - Returns: Whether the matrix is positive definite; else its numbers are lost.
  package static func factorise(_ matrix: UnsafeMutablePointer<Double>, count: Int) -> Bool {
    apply(.factorise, matrix, count)
  }

  /// Puts the inverse in place of a matrix, both triangles of it.
  ///
  /// - Parameters:
  ///   - matrix: The matrix, `count` × `count`.
  ///   - count: The rows.
  /// - Returns: Whether the matrix is positive definite; else its numbers are lost.
  package static func invert(_ matrix: UnsafeMutablePointer<Double>, count: Int) -> Bool {
    guard apply(.factorise, matrix, count), apply(.invert, matrix, count) else { return false }
    for row in 0..<count {
      for column in row + 1..<max(count, row + 1) {
        matrix[row * count + column] = matrix[column * count + row]
      }
    }
    return true
  }

  /// Solves L Lᵀ x = b.
  ///
  /// - Parameters:
  ///   - factor: What ``factorise(_:count:)`` gives.
  ///   - count: The rows.
  ///   - vector: b, in whose place x comes.
  package static func solve(
    _ factor: UnsafePointer<Double>, count: Int, _ vector: UnsafeMutablePointer<Double>
  ) {
    for row in 0..<count {
      var sum = vector[row]
      for column in 0..<row { sum -= factor[row * count + column] * vector[column] }
      vector[row] = sum / factor[row * count + row]
    }
    for row in stride(from: count - 1, through: 0, by: -1) {
      let value = vector[row] / factor[row * count + row]
      vector[row] = value
      for column in 0..<row { vector[column] -= factor[row * count + column] * value }
    }
  }

  private enum Step { case factorise, invert }

  private static func apply(
    _ step: Step, _ matrix: UnsafeMutablePointer<Double>, _ count: Int
  ) -> Bool {
    guard count > 0 else { return true }
    var size = Int32(count)
    var leading = Int32(count)
    var outcome: Int32 = 0
    // Fortran's columns are our rows, so that its upper triangle is our lower one.
    var triangle = CChar(UInt8(ascii: "U"))
    #if canImport(Accelerate)
      switch step {
      case .factorise: dpotrf_(&triangle, &size, matrix, &leading, &outcome)
      case .invert: dpotri_(&triangle, &size, matrix, &leading, &outcome)
      }
    #else
      let library = MatrixProduct.library
      switch step {
      case .factorise: library.factorise(&triangle, &size, matrix, &leading, &outcome)
      case .invert: library.invert(&triangle, &size, matrix, &leading, &outcome)
      }
    #endif
    return outcome == 0
  }
}
