import BBBPosterior
import BBBTensors

extension InputDistribution {
  private static let meanName = InputMomentTensors.prefix + "mean"
  private static let covarianceName = InputMomentTensors.prefix + "covariance"
  private static let countName = InputMomentTensors.prefix + "examples"

  /// The distribution as tensors: `input_moments.mean` (inputs), `input_moments.covariance` (inputs, inputs) and
  /// `input_moments.examples` (1), how many there were.
  public var tensors: [Tensor] {
    [
      Tensor(name: Self.meanName, shape: [mean.count], floats: mean),
      Tensor(
        name: Self.covarianceName, shape: [mean.count, mean.count], floats: covariance),
      Tensor(name: Self.countName, shape: [1], doubles: [Double(exampleCount)]),
    ]
  }

  /// Reads the distribution that a file holds; `nil` if it holds none.
  ///
  /// - Parameter file: A file of moments, or a checkpoint with them.
  /// - Throws: `TensorFileError` if tensors cannot be read, ``ConditioningError`` if they are no mean and covariance.
  public init?(in file: TensorFile) throws {
    func tensor(_ name: String) -> Tensor? {
      file.position(of: name).map { file.tensors[$0] }
    }
    guard let mean = tensor(Self.meanName), let covariance = tensor(Self.covarianceName) else {
      return nil
    }
    // Other programs may write it as an integer, or not at all.
    let count =
      tensor(Self.countName).flatMap { tensor in
        (try? tensor.doubles().first) ?? (try? tensor.integers().first.map(Double.init))
      } ?? 0
    do {
      self = try InputDistribution(
        mean: try mean.floats(), covariance: try covariance.floats(),
        exampleCount: count >= 1 && count < 1e15 ? Int(count) : 0)
    } catch let error as ConditioningError {
      throw ConditioningError(
        error.code, path: file.path,
        "its \(Self.meanName) and \(Self.covarianceName) cannot be used: \(error.message); make them anew with 'bbbprune moments'"
      )
    }
  }
}
