import BBBErrors
import BBBTensors

/// Why a file could not be read as a posterior, where, and what the user can do about it.
public struct PosteriorError: CodedError {
  /// What can go wrong.
  public enum Code: ErrorCode {
    /// No known convention fits the names of the tensors.
    case unrecognised
    /// Something that belongs to the posterior is not in the file, such as a standard deviation.
    case incomplete
    /// Two things that belong together differ in shape or size.
    case shapeMismatch
    /// A mean is not finite, or a standard deviation is not positive and finite.
    case invalidValue
    /// The file holds a posterior of a kind this library does not read.
    case unsupported
    /// An option does not fit the file, or makes no sense.
    case invalidOption
    /// The graph that is said to be the network's holds other weights.
    case otherNetwork
    /// The bytes of a tensor could not be read.
    case unreadable

    /// What kind of failure it is.
    public var kind: ErrorKind {
      switch self {
      case .invalidOption: .usage
      case .unrecognised, .incomplete, .shapeMismatch, .invalidValue, .unsupported, .otherNetwork,
        .unreadable:
        .data
      }
    }
  }

  /// Which of them it is.
  public var code: Code
  /// The file, as the user named it; empty for a posterior in memory.
  public var path: String
  /// What is wrong, where, and the remedy, without the path.
  public var message: String

  /// Creates an error.
  ///
  /// - Parameters:
  ///   - code: What went wrong.
  ///   - path: The file, as the user named it; empty for a posterior in memory.
  ///   - message: What is wrong, where, and the remedy, without the path.
  public init(_ code: Code, path: String, _ message: String) {
    self.code = code
    self.path = path
    self.message = message.asMessage
  }

  /// Wraps a failure to read a tensor's bytes.
  init(_ error: TensorFileError) {
    self.init(.unreadable, path: error.path, error.message)
  }
}
