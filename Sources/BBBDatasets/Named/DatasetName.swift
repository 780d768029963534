/// The datasets that are known by name; the name is also that of their folder.
public enum DatasetName: String, CaseIterable, Sendable {
  /// Handwritten digits (LeCun et al. 1998): 28×28 grey pixels, ten classes.
  case mnist
  /// Pieces of clothing (Xiao et al. 2017): 28×28 grey pixels, ten classes.
  case fashionMNIST = "fashion-mnist"
  /// Animals and vehicles (Krizhevsky 2009): 32×32 pixels in colour, ten classes.
  case cifar10
  /// Digits drawn by a program, in the likeness of MNIST; they need no files.
  case syntheticDigits = "synthetic-digits"
  /// Points of the curve of Blundell et al. 2015, section 5.2: one input, one number to predict; they need no files.
  case noisyCurve = "noisy-curve"

  /// What belongs to the examples.
  public var targetKind: Dataset.TargetKind {
    switch self {
    case .mnist, .fashionMNIST, .cifar10, .syntheticDigits: .classes
    case .noisyCurve: .numbers
    }
  }

  /// Whether the dataset is made by this library instead of being read from files.
  public var isBuiltIn: Bool {
    switch self {
    case .mnist, .fashionMNIST, .cifar10: false
    case .syntheticDigits, .noisyCurve: true
    }
  }
}
