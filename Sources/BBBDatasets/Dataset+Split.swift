import BBBKernels
import BBBTensors

extension Dataset {
  /// Splits the examples in two by chance.
  ///
  /// - Parameters:
  ///   - fraction: The fraction that is held out; each part gets at least one example.
  ///   - seed: What decides which.
  /// - Returns: The examples that stay, and those held out, each in their order here.
  /// - Throws: ``DatasetError`` if there are fewer than two examples.
  package func split(
    holdingOut fraction: Double, seed: UInt64
  ) throws(DatasetError) -> (rest: Dataset, heldOut: Dataset) {
    guard count >= 2 else {
      throw DatasetError(
        .mismatched, path: targetsPath,
        "holds one example; give at least two, so that one is held out")
    }
    let heldOutCount = min(max(Int((fraction * Double(count)).rounded()), 1), count - 1)
    var generator = SplitMix64(seed: seed)
    let order = (0..<count).shuffled(using: &generator)
    return (
      try selecting(order[heldOutCount...].sorted()), try selecting(order[..<heldOutCount].sorted())
    )
  }

  private func selecting(_ examples: [Int]) throws(DatasetError) -> Dataset {
    func gather<Number>(_ numbers: [Number], _ width: Int) -> [Number] {
      examples.flatMap { numbers[($0 * width)..<(($0 + 1) * width)] }
    }
    let inputs: Inputs =
      switch self.inputs {
      case .bytes(let bytes): .bytes(gather(bytes, inputCount))
      case .floats(let floats): .floats(gather(floats, inputCount))
      }
    let targets: Targets =
      switch self.targets {
      case .classes(let labels): .classes(gather(labels, 1))
      case .numbers(let numbers, let width): .numbers(gather(numbers, width), perExample: width)
      }
    return try Dataset(
      name: name, inputs: inputs, exampleShape: exampleShape, targets: targets,
      inputsPath: inputsPath, targetsPath: targetsPath, files: files)
  }
}
