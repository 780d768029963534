import BBBKernels

/// Writes the numbers of a constant, the same for each example.
final class ConstantStep: Sendable {
  /// The number of the parameter.
  let parameter: Int
  /// The number among the program's constants.
  let number: Int
  let output: Operand

  init(_ parameter: Int, number: Int, to output: Operand) {
    self.parameter = parameter
    self.number = number
    self.output = output
  }

  /// The numbers as they stand in the value's memory, with zeros around.
  ///
  /// - Parameter elements: One for each element, row-major.
  /// - Returns: As many as the layout has.
  func arranged(_ elements: [Float]) -> AlignedBuffer<Float> {
    var arranged = [Float](repeating: 0, count: output.layout.count)
    for (element, number) in zip(elements, output.layout.numbers) {
      if let number { arranged[number] = element }
    }
    return AlignedBuffer(arranged)
  }

  /// Writes numbers that ``arranged(_:)`` made into each lane.
  func run(
    _ numbers: AlignedBuffer<Float>, _ arena: UnsafeMutablePointer<Float>, width: Int
  ) {
    let target = output.start(arena, width: width)
    for index in 0..<numbers.count {
      (target + index * width).update(repeating: numbers.start[index], count: width)
    }
    output.finish(arena, width: width)
  }
}
