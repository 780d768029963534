/// An object of a class that is not known here, as a PyTorch file's pickle holds it: nothing is made of it.
public struct PickledObject: Equatable, Sendable {
  /// The class, such as `torch.distributions.constraints._Real`.
  public let className: String
  /// Those of its attributes that are numbers, by name.
  public let numbers: [String: Double]

  /// Creates a note of an object.
  ///
  /// - Parameters:
  ///   - className: The class, with its module.
  ///   - numbers: Those of its attributes that are numbers.
  public init(className: String, numbers: [String: Double] = [:]) {
    self.className = className
    self.numbers = numbers
  }
}
