/// A way in which the examples of a named dataset are kept in files.
enum StoredForm {
  /// Images and labels as IDX files; the names that each goes by.
  case idx(images: [String], labels: [String])
  /// The binary version of CIFAR-10: one file or several; the names that each goes by.
  case cifar([[String]])
  /// Arrays in one file, as Keras and NumPy save them; the names it goes by.
  case arrays([String])

  /// For each file the names it goes by.
  var spellings: [[String]] {
    switch self {
    case .idx(let images, let labels): [images, labels]
    case .cifar(let batches): batches
    case .arrays(let names): [names]
    }
  }
}

extension DatasetName {
  /// The forms that the files of a dataset may have, the most usual first; none of one that is built in.
  ///
  /// - Parameter split: The examples for training or those for testing.
  /// - Returns: The forms.
  func storedForms(_ split: Dataset.Split) -> [StoredForm] {
    // Under a name of its own the file holds both splits, or is beside the other's.
    let arrays = StoredForm.arrays(["\(rawValue).npz", "\(split.rawValue).npz"])
    switch self {
    case .mnist:
      let (images, labels) = MNISTFiles.files(split)
      return [.idx(images: images.spellings, labels: labels.spellings), arrays]
    case .fashionMNIST:
      let (images, labels) = FashionMNISTFiles.files(split)
      return [.idx(images: images.spellings, labels: labels.spellings), arrays]
    case .cifar10:
      return [.cifar(CIFAR10Files.batches(split).map(\.names)), arrays]
    case .syntheticDigits, .noisyCurve: return []
    }
  }

  /// The number of pixels of an image, of all channels.
  var pixelCount: Int {
    switch self {
    case .mnist, .fashionMNIST, .syntheticDigits: 28 * 28
    case .cifar10: 3 * 32 * 32
    case .noisyCurve: 1
    }
  }
}
