extension Dataset {
  /// Loads a dataset that is known by name.
  ///
  /// - Parameters:
  ///   - name: The dataset.
  ///   - split: Its examples for training or those for testing.
  ///   - locator: Where to look for its files, if it has any.
  /// - Throws: ``DatasetError`` if the files are not found or not well formed.
  public init(
    named name: DatasetName, split: Split, locator: DatasetLocator
  ) throws(DatasetError) {
    switch name {
    case .mnist, .fashionMNIST, .cifar10: self = try .stored(name, split, locator)
    case .syntheticDigits: self = .syntheticDigits(split)
    case .noisyCurve: self = .noisyCurve(split)
    }
  }
}
