import BBBKernels
import BBBLinearAlgebra
import BBBNetwork
import CBBBKernels
import CBBBLibc

/// The values of a network for some examples at once, and gradients with respect to them.
///
/// A value is (elements, examples): every element is a line of as many numbers as there are examples, so that all operations but
/// products of matrices are the same work on each number of a line. Work is shared out in pieces that do not depend on the number
/// of threads, so nothing that is computed does.
final class NetworkPass {
  let plan: PassPlan
  /// The examples.
  let width: Int
  let threadCount: Int
  /// By `Value.index`.
  private(set) var values: [AlignedBuffer<Float>?]
  var gradients: [AlignedBuffer<Float>?]

  /// - Parameters:
  ///   - plan: The network's.
  ///   - width: The number of examples.
  ///   - threadCount: The number of threads.
  init(_ plan: PassPlan, width: Int, threadCount: Int) {
    self.plan = plan
    self.width = width
    self.threadCount = threadCount
    values = Array(repeating: nil, count: plan.network.shapes.count)
    gradients = values
  }

  /// Room for a value.
  func makeValue(_ index: Int) -> AlignedBuffer<Float> {
    AlignedBuffer(repeating: 0, count: plan.network.shapes[index].count * width)
  }

  /// Sets the input.
  ///
  /// - Parameter inputs: (examples, elements), as many as the pass has.
  func setInput(_ inputs: [Float]) {
    let value = makeValue(0)
    let count = plan.network.inputCount
    for example in 0..<width {
      for element in 0..<count {
        value.start[element * width + example] = inputs[example * count + element]
      }
    }
    values[0] = value
  }

  func setValue(_ index: Int, _ value: AlignedBuffer<Float>?) { values[index] = value }

  /// A value that was computed and not dropped.
  func value(_ index: Int) -> AlignedBuffer<Float> {
    guard let value = values[index] else { preconditionFailure("a value that is there") }
    return value
  }

  /// Shares out elements in pieces.
  func share(_ count: Int, _ body: @Sendable (Range<Int>) -> Void) {
    let length = max(1, min(64, (count + 31) / 32))
    performConcurrently(pieceCount: (count + length - 1) / length, threadCount: threadCount) {
      piece, _ in
      body(piece * length..<min((piece + 1) * length, count))
    }
  }
}
