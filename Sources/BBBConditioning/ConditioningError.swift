import BBBErrors
import BBBLinearAlgebra

/// Why a network cannot be conditioned, and what the user can do about it.
public struct ConditioningError: CodedError {
  /// What can go wrong.
  public enum Code: ErrorCode {
    /// The library for matrix products is not installed.
    case missingLibrary
    /// A value of the network is no finite number.
    case diverged
    /// What should be a mean and a covariance is none.
    case invalidMoments

    /// What kind of failure it is.
    public var kind: ErrorKind {
      switch self {
      case .missingLibrary: .unavailable
      case .diverged, .invalidMoments: .data
      }
    }
  }

  /// Which of them it is.
  public var code: Code
  /// The file; empty in memory.
  public var path: String
  /// What is wrong, where, and the remedy, without the path.
  public var message: String

  /// Creates an error.
  ///
  /// - Parameters:
  ///   - code: What went wrong.
  ///   - path: The file, as the user named it; empty in memory.
  ///   - message: What is wrong, where, and the remedy, without the path.
  public init(_ code: Code, path: String = "", _ message: String) {
    self.code = code
    self.path = path
    self.message = message.asMessage
  }
}

/// Checks that there is a BLAS to condition with.
func requireLibrary() throws(ConditioningError) {
  do throws(MissingLibrary) {
    try MatrixProduct.requireLibrary()
  } catch {
    throw ConditioningError(.missingLibrary, "conditioning needs \(error.clause)")
  }
}
