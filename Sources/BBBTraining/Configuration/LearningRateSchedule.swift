import CBBBLibc

/// How the learning rate changes during training.
public enum LearningRateSchedule: Hashable, Codable, Sendable {
  /// It does not.
  case constant
  /// It is multiplied by `factor` after every so many epochs.
  case step(epochs: Int, factor: Double)
  /// It falls along half a cosine, from the start to 0 at the end (Loshchilov and Hutter 2017).
  case cosine

  /// What the initial learning rate is multiplied by.
  ///
  /// - Parameters:
  ///   - progress: The share of the training that is done, 0 ..< 1.
  ///   - epoch: The epoch, counted from 0.
  /// - Returns: The factor.
  public func factor(progress: Double, epoch: Int) -> Double {
    switch self {
    case .constant: 1
    case .step(let epochs, let factor): pow(factor, Double(epoch / max(epochs, 1)))
    case .cosine: (1 + cos(.pi * progress)) / 2
    }
  }
}
