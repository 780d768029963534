import BBBInference
import BBBPosterior

/// How an exported model holds its weights and biases.
public enum ValueStorage: Hashable, Sendable {
  /// Every value in one encoding.
  case floats(ValueEncoding)
  /// Rounded as far as the posterior allows at a precision.
  case quantised(Precision)
  /// Rounded at the standard precision, or as much more finely as is needed for the outputs to stay what they are; floats
  /// where no precision is fine enough.
  case automatic
  /// As they are, each matrix in the shortest encoding that holds its values bit for bit.
  case exact

  /// How finely weights are rounded; `nil` if they are floats, or it is found out.
  public var precision: Precision? {
    guard case .quantised(let precision) = self else { return nil }
    return precision
  }

  /// The encoding of floats; `nil` if values are rounded.
  public var encoding: ValueEncoding? {
    guard case .floats(let encoding) = self else { return nil }
    return encoding
  }

  /// How an export holds values where nothing else is asked for: rounded as far as the posterior allows; of a point
  /// estimate, which says nothing about how far its weights may be rounded, in full.
  ///
  /// - Parameter posterior: What is exported.
  /// - Returns: The storage.
  public static func standard(for posterior: Posterior) -> ValueStorage {
    posterior.hasDeviations ? .automatic : .floats(.float32)
  }
}
