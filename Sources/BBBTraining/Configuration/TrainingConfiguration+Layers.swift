import BBBNetwork

extension TrainingConfiguration {
  /// Fully connected layers with rectifiers between them, as the paper trains them.
  ///
  /// - Parameter sizes: The number of inputs, of units in each hidden layer, and of outputs, such as `[784, 1200, 1200, 10]`.
  /// - Returns: The network; its layers are called `fc1`, `fc2` and so on.
  /// - Throws: `TrainingError.Code.invalidConfiguration` if a size is missing, below 1 or above 2²⁰, or all are too many.
  public static func layers(_ sizes: [Int]) throws(TrainingError) -> Network {
    guard sizes.count >= 2, sizes.allSatisfy({ (1...mostUnits).contains($0) }) else {
      throw TrainingError(
        .invalidConfiguration,
        "give the network at least one input and one output, and at most 2^20 of each")
    }
    do throws(NetworkError) {
      return try Network(sizes: sizes, activation: .relu)
    } catch {
      throw TrainingError(.invalidConfiguration, error.message)
    }
  }

  /// More elements than a value of a network in training may have.
  static let mostUnits = 1 << 20
}
