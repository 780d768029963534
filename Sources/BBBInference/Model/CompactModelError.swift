import BBBErrors

/// Why a `.bbbz` file cannot be read or written, or a model not be run as asked, where, and what to do about it.
public struct CompactModelError: CodedError {
  /// What can go wrong.
  public enum Code: ErrorCode {
    /// The file does not exist or cannot be read.
    case inaccessible
    /// The bytes are not a compact model.
    case notACompactModel
    /// The model needs a reader of a later version.
    case unsupportedVersion
    /// The bytes break a rule of the format: the file is truncated, damaged or forged.
    case malformed
    /// The model cannot be expressed in the format or value encoding asked for.
    case notEncodable
    /// What is passed does not fit the model: inputs, room for outputs, scratch memory, what outputs are taken for.
    case mismatched
    /// The prediction needs standard deviations, and the model holds none.
    case withoutUncertainty
    /// Means and variances cannot be passed through the network.
    case withoutMoments
    /// An option makes no sense, such as a number of draws below 1.
    case invalidOption

    /// What kind of failure it is.
    public var kind: ErrorKind {
      switch self {
      case .inaccessible: .missingInput
      case .invalidOption: .usage
      case .notACompactModel, .unsupportedVersion, .malformed, .notEncodable, .mismatched,
        .withoutUncertainty, .withoutMoments:
        .data
      }
    }
  }

  /// Which of them it is.
  public var code: Code
  /// The file, as the user named it; empty for bytes or a model in memory.
  public var path: String
  /// What is wrong, where, and the remedy, without the path.
  public var message: String

  /// Creates an error.
  public init(_ code: Code, path: String = "", _ message: String) {
    self.code = code
    self.path = path
    self.message = message.asMessage
  }
}

extension CompactModelError {
  /// Does something with a file, and names the file in the error if it fails.
  static func naming<Value>(
    _ path: String, _ body: () throws(CompactModelError) -> Value
  ) throws(CompactModelError) -> Value {
    do {
      return try body()
    } catch {
      throw error.located(in: path)
    }
  }
}
