import BBBErrors
import BBBLinearAlgebra

/// Why a training run cannot begin or go on, and what the user can do about it.
public struct TrainingError: CodedError {
  /// What can go wrong.
  public enum Code: ErrorCode {
    /// A setting makes no sense, or does not fit the examples.
    case invalidConfiguration
    /// The network has parts that cannot be trained, or does not fit the examples.
    case untrainableNetwork
    /// The cost or a parameter is no longer a finite number.
    case diverged
    /// The library for matrix products is not installed.
    case missingLibrary
    /// A saved run does not fit what is asked of it.
    case notResumable

    /// What kind of failure it is.
    public var kind: ErrorKind {
      switch self {
      case .invalidConfiguration, .untrainableNetwork: .usage
      case .diverged, .notResumable: .data
      case .missingLibrary: .unavailable
      }
    }
  }

  /// Which of them it is.
  public var code: Code
  /// The file of a saved run, or of the network, as the user named it; empty in memory.
  public var path: String
  /// What is wrong, where, and the remedy, without the path.
  public var message: String

  /// Creates an error.
  ///
  /// - Parameters:
  ///   - code: What went wrong.
  ///   - path: The file of a saved run, as the user named it; empty in memory.
  ///   - message: What is wrong, where, and the remedy, without the path.
  public init(_ code: Code, path: String = "", _ message: String) {
    self.code = code
    self.path = path
    self.message = message.asMessage
  }
}

/// Checks that there is a BLAS to train with.
func requireLibrary() throws(TrainingError) {
  do throws(MissingLibrary) {
    try MatrixProduct.requireLibrary()
  } catch {
    throw TrainingError(.missingLibrary, "training needs \(error.clause)")
  }
}
