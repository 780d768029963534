import BBBKernels
import BBBNetwork

/// The memory that a value of the network has in training: rows × elements, row-major.
///
/// Values that are the same numbers share it (``MemoryPlan``).
final class TrainedValue: Sendable {
  /// The number of elements of one example.
  let width: Int
  /// The function that is applied in place to what the value's node computes.
  let activation: Activation
  /// The number of the stream that says which elements are left out in training; `nil` where all stay.
  let dropout: Int?
  /// The elements, as their readers read them.
  let output: AlignedBuffer<Float>
  /// The cost's gradient with respect to the elements, and once it is whole, to what the node computes; `nil` where no
  /// parameter can change the value.
  let gradient: AlignedBuffer<Float>?
  /// The derivative of each element with respect to what the node computes, where the element itself does not tell it.
  let slope: AlignedBuffer<Float>?

  init(
    width: Int, rows: Int, activation: Activation = .none, dropout: Int? = nil, isLearned: Bool
  ) {
    self.width = width
    self.activation = activation
    self.dropout = dropout
    output = AlignedBuffer(inNoiseBlocks: rows * width)
    gradient = isLearned ? AlignedBuffer(inNoiseBlocks: rows * width) : nil
    // A rectified element is 0 where the derivative is, left out or not.
    let isTold = activation == .relu || activation == .none && dropout == nil
    slope = isLearned && !isTold ? AlignedBuffer(inNoiseBlocks: rows * width) : nil
  }
}

/// A value that a node reads, and how the node's part of its gradient is put to the others'.
struct TrainedSource: Sendable {
  /// The value.
  let value: TrainedValue
  /// Whether no other part comes before: this one is written, the others are added.
  let isFirst: Bool
  /// Whether no other part comes after: the gradient is whole then.
  let isLast: Bool
}
