import BBBNetwork

extension Dataset {
  /// Checks that a network can get every target right.
  ///
  /// - Parameters:
  ///   - output: What the network's outputs are.
  ///   - outputCount: How many it has.
  /// - Throws: ``DatasetError`` that names the file, and the first label out of range.
  public func checkTargets(
    for output: OutputMeaning, outputCount: Int
  ) throws(DatasetError) {
    switch targets {
    case .classes(let labels):
      guard let classCount = output.classCount(outputCount: outputCount) else {
        throw DatasetError(
          .mismatched, path: targetsPath,
          "holds classes, but the network predicts numbers; give inputs and real-valued targets")
      }
      guard let index = labels.firstIndex(where: { $0 >= classCount }) else { return }
      let classes =
        classCount == 2
        ? "tells two classes apart, 0 and 1" : "has \(classCount) classes, numbered from 0"
      throw DatasetError(
        .mismatched, path: targetsPath,
        "label \(index) is \(labels[index]), but the network \(classes); give the labels the network"
          + " was trained on")
    case .numbers(_, let width):
      guard let targetCount = output.targetCount(outputCount: outputCount) else {
        throw DatasetError(
          .mismatched, path: targetsPath,
          "holds real-valued targets, but the network's outputs are classes; give the class of each "
            + "example as an integer, counted from 0")
      }
      guard width != targetCount else { return }
      throw DatasetError(
        .mismatched, path: targetsPath,
        "holds \(width) \(width == 1 ? "target" : "targets") for each example, but the network predicts "
          + "\(targetCount); give the targets the network was trained on")
    }
  }
}

extension Dataset.TargetKind {
  /// The kind of target that a network is compared with.
  ///
  /// - Parameter output: What the network's outputs are.
  public init(for output: OutputMeaning) {
    self = output.isClassification ? .classes : .numbers
  }
}
