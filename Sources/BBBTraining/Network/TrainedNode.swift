/// A step of the network in training.
struct TrainedNode: Sendable {
  /// What is computed.
  enum Operation: Sendable {
    /// Weighted sums of the one source.
    case matrix(TrainedMatrix)
    /// The sum of all sources; of a single one, a copy.
    case sum
    /// The elements of all sources, one behind the other.
    case concatenation
  }

  let operation: Operation
  /// What it reads.
  let sources: [TrainedSource]
  /// What it gives.
  let target: TrainedValue
}
