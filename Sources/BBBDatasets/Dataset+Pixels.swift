extension Dataset.Inputs {
  /// Whether numbers that are no bytes seem to be pixels all the same: whole numbers that use most of the range
  /// from 0 to 255.
  public var lookLikePixels: Bool {
    guard case .floats(let values) = self, let largest = values.max(), (128...255).contains(largest)
    else { return false }
    return values.allSatisfy { $0 >= 0 && $0 == $0.rounded() }
  }

  /// The inputs as pixels, whatever type their file has.
  ///
  /// - Parameter path: The file, for messages.
  /// - Returns: Bytes.
  /// - Throws: ``DatasetError`` if a number is no whole number from 0 to 255.
  public func pixels(path: String) throws(DatasetError) -> Dataset.Inputs {
    guard case .floats(let values) = self else { return self }
    if let index = values.firstIndex(where: { UInt8(exactly: $0) == nil }) {
      throw DatasetError(
        .mismatched, path: path,
        "number \(index) (row-major) is \(values[index]), which is no pixel; pixels are whole numbers from 0"
          + " to 255, others are taken as they are")
    }
    return .bytes(values.map { UInt8($0) })
  }
}

extension Dataset {
  /// The same examples with inputs of another type.
  ///
  /// - Parameter inputs: As many numbers.
  /// - Returns: The dataset, otherwise as it is.
  package func withInputs(_ inputs: Inputs) -> Dataset {
    precondition(inputs.count == self.inputs.count, "as many inputs as before")
    var copy = self
    copy.inputs = inputs
    return copy
  }
}
