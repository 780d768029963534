/// A tensor that a file holds and that is not read, because it is of a kind that is not known here.
public struct UnreadTensor: Equatable, Sendable {
  /// What is not read, and how to save it so that it is.
  public struct Kind: Equatable, Sendable {
    /// The kind, such as `a quantised tensor`.
    public let description: String
    /// What to do, as the end of a sentence.
    public let remedy: String
  }

  /// The name in the file, as of any other tensor.
  public let name: String
  /// Why it is not read.
  public let kind: Kind

  /// Creates a note of a tensor that is not read.
  ///
  /// - Parameters:
  ///   - name: The name in the file.
  ///   - kind: Why it is not read.
  public init(name: String, kind: Kind) {
    self.name = name
    self.kind = kind
  }
}

extension UnreadTensor.Kind {
  /// A tensor of integers with a factor and an offset.
  public static let quantised = Self(
    description: "a quantised tensor",
    remedy: "give the checkpoint from before quantisation, or save what .dequantize() makes of it")

  /// An array of anything but plain numbers.
  static let pythonObjects = Self(
    description: "a NumPy array of Python objects",
    remedy: "save it as an array of floating-point numbers")

  /// A tensor of a layout such as `torch.sparse_bsr`.
  static func laidOut(_ layout: String) -> Self {
    Self(
      description: "a tensor of layout \(layout)", remedy: "call .to_dense() on it before saving")
  }

  /// A tensor of a type that this version does not know, such as `torch.float4`.
  static func typed(_ type: String) -> Self {
    Self(description: "a tensor of type \(type)", remedy: "call .float() on it before saving")
  }

  /// A sparse tensor whose values are no floating-point numbers.
  static func sparse(_ type: ElementType) -> Self {
    Self(
      description: "a sparse tensor of \(type) numbers",
      remedy: "call .to_dense() on it before saving")
  }

  /// A tensor of a class or backend of its own.
  static func rebuilt(by function: String) -> Self {
    Self(
      description: "a tensor that only \(function) rebuilds",
      remedy: "save an ordinary dense copy of it")
  }
}
