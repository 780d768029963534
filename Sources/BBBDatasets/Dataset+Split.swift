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
        .mismatched, path: labelsPath,
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
    func gather<Number>(_ numbers: [Number]) -> [Number] {
      examples.flatMap { numbers[($0 * inputCount)..<(($0 + 1) * inputCount)] }
    }
    let inputs: Inputs =
      switch self.inputs {
      case .bytes(let bytes): .bytes(gather(bytes))
      case .floats(let floats): .floats(gather(floats))
      }
    return try Dataset(
      name: name, inputs: inputs, exampleShape: exampleShape, labels: examples.map { labels[$0] },
      inputsPath: inputsPath, labelsPath: labelsPath, files: files)
  }
}
