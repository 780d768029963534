import BBBKernels
import BBBNetwork
import CBBBKernels

/// The elements of a value that stand along some of its axes, line by line: where kernels find them.
struct Lines: Sendable {
  /// The number of each line's first element, ascending.
  private let firsts: AlignedBuffer<UInt32>
  /// How far each element of a line lies behind its first, the same in all lines.
  private let distances: AlignedBuffer<UInt32>

  /// Divides a value into lines.
  ///
  /// - Parameters:
  ///   - shape: The value's.
  ///   - axes: Along which a line's elements stand.
  ///   - layout: The value's, its units in order.
  init(of shape: Shape, along axes: [Int], _ layout: ValueLayout) {
    let numbers = layout.numbers.map { $0 ?? 0 }
    func elements(_ isWanted: (Int) -> Bool) -> [UInt32] {
      guard !numbers.isEmpty else { return [] }
      let strides = shape.strides
      return shape.extents.indices.filter(isWanted).reduce([0]) { elements, axis in
        elements.flatMap { element in
          (0..<shape.extents[axis]).map { element + $0 * strides[axis] }
        }
      }.map { UInt32(numbers[$0]) }
    }
    let along = elements(axes.contains)
    firsts = AlignedBuffer(elements { !axes.contains($0) })
    distances = AlignedBuffer(along.map { $0 - along[0] })
  }

  /// As kernels take it, valid while this lives.
  var kernelArgument: bbb_lines {
    bbb_lines(
      line_count: firsts.count, lines: firsts.start, element_count: distances.count,
      elements: distances.start)
  }
}
