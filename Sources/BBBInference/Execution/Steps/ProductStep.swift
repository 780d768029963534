import BBBKernels
import BBBNetwork
import CBBBKernels

/// Multiplies two values along their last two axes.
final class ProductStep: Sendable {
  let inputs: (Operand, Operand)
  let output: Operand
  /// For each index of the axes before the last two, where the matrices of both values and of the result begin.
  private let firsts: AlignedBuffer<UInt32>
  /// As kernels take it; never written, and valid while this lives.
  nonisolated(unsafe) private let extents: bbb_product

  /// Creates a step.
  ///
  /// - Parameters:
  ///   - product: The operation.
  ///   - shapes: Those of the two values.
  ///   - inputs: The two values.
  ///   - output: What they become; the units of all three stand in order.
  init(_ product: Product, of shapes: [Shape], from inputs: [Operand], to output: Operand) {
    self.inputs = (inputs[0], inputs[1])
    self.output = output
    let rank = shapes[0].extents.count
    let (row, column) = (product.rowAxis(of: shapes[0]), product.columnAxis(of: shapes[1]))
    // The last two axes' numbers add up to 2 · rank − 3.
    let (firstInner, secondInner) = (2 * rank - 3 - row, 2 * rank - 3 - column)
    let result = Shape(
      shapes[0].extents.prefix(rank - 2) + [shapes[0].extents[row], shapes[1].extents[column]])
    let places = [
      AxisPlaces(shapes[0], inputs[0].layout), AxisPlaces(shapes[1], inputs[1].layout),
      AxisPlaces(result, output.layout),
    ]
    let starts = places.map(\.matrixStarts)
    firsts = AlignedBuffer(
      starts[2].indices.flatMap { index in starts.map { $0.isEmpty ? 0 : $0[index] } })
    extents = bbb_product(
      batch_count: starts[2].count, firsts: firsts.start, row_count: result.extents[rank - 2],
      inner_count: shapes[0].extents[firstInner], column_count: result.extents[rank - 1],
      first_row: places[0].strides[row], first_inner: places[0].strides[firstInner],
      second_inner: places[1].strides[secondInner], second_column: places[1].strides[column],
      result_row: places[2].strides[rank - 2])
  }

  func run(_ arena: UnsafeMutablePointer<Float>, width: Int, _ set: InstructionSet) {
    // SAFETY: the distances along axes are those of the layouts; the buffer outlives the call, since `self` does.
    withExtendedLifetime(self) {
      var extents = extents
      bbb_multiply_values(
        set.kernelValue, &extents, width, inputs.0.start(arena, width: width),
        inputs.1.start(arena, width: width), output.start(arena, width: width))
    }
    output.finish(arena, width: width)
  }
}

/// Where the elements of a value stand, by the indices along its axes.
private struct AxisPlaces {
  /// From one element of an axis to the next; 0 where there is no next.
  let strides: [Int]
  /// For each index of the axes before the last two, the number of the first element.
  let matrixStarts: [UInt32]

  init(_ shape: Shape, _ layout: ValueLayout) {
    let numbers = layout.numbers.map { $0 ?? 0 }
    strides = shape.extents.indices.map { axis in
      shape.extents[axis] > 1 && !numbers.isEmpty ? numbers[shape.strides[axis]] - numbers[0] : 0
    }
    let matrixCount = shape.extents.suffix(2).reduce(1, *)
    matrixStarts =
      numbers.isEmpty
      ? [] : stride(from: 0, to: shape.count, by: matrixCount).map { UInt32(numbers[$0]) }
  }
}
