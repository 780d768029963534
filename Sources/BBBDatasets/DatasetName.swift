/// The datasets that are known by name; the name is also that of their folder.
public enum DatasetName: String, CaseIterable, Sendable {
  /// Handwritten digits (LeCun et al. 1998): 28×28 grey pixels, ten classes.
  case mnist
  /// Digits drawn by a program, in the likeness of MNIST; they need no files.
  case syntheticDigits = "synthetic-digits"

  /// Whether the dataset is made by this library instead of being read from files.
  public var isBuiltIn: Bool { self == .syntheticDigits }
}
