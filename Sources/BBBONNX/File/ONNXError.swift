import BBBErrors
import BBBTensors

/// What is wrong with an ONNX file, where, and what the user can do about it.
public struct ONNXError: CodedError {
  /// What can go wrong.
  public enum Code: ErrorCode {
    /// The file, or one that it names, does not exist or cannot be read.
    case inaccessible
    /// The file breaks a rule of the format.
    case malformed
    /// The file is well formed but holds something that is not read.
    case unsupported

    /// What kind of failure it is.
    public var kind: ErrorKind {
      switch self {
      case .inaccessible: .missingInput
      case .malformed, .unsupported: .data
      }
    }
  }

  /// Which of them it is.
  public var code: Code
  /// The file, as the user named it; empty until the file is known.
  public var path: String
  /// What is wrong, where, and the remedy, without the path.
  public var message: String

  /// Creates an error.
  ///
  /// - Parameters:
  ///   - code: What went wrong.
  ///   - path: The file, as the user named it.
  ///   - message: What is wrong, where, and the remedy, without the path.
  public init(_ code: Code, path: String = "", _ message: String) {
    self.code = code
    self.path = path
    self.message = message.asMessage
  }

  /// The error of a file of tensors, told of the ONNX file that needs it.
  init(_ error: TensorFileError) {
    self.init(
      error.code == .inaccessible ? .inaccessible : .malformed, path: error.path, error.message)
  }
}
