import Foundation

/// The four files of the MNIST database, and who has them.
enum MNISTFiles {
  static let trainImages = file(
    "train-images", "idx3-ubyte", downloadByteCount: 9_912_422, byteCount: 47_040_016,
    digest: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db")
  static let trainLabels = file(
    "train-labels", "idx1-ubyte", downloadByteCount: 28_881, byteCount: 60_008,
    digest: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5")
  static let testImages = file(
    "t10k-images", "idx3-ubyte", downloadByteCount: 1_648_877, byteCount: 7_840_016,
    digest: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7")
  static let testLabels = file(
    "t10k-labels", "idx1-ubyte", downloadByteCount: 4_542, byteCount: 10_008,
    digest: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2")

  static let all = [trainImages, trainLabels, testImages, testLabels]

  static let mirrors = [
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
  ]

  /// The images and labels of a split.
  static func files(_ split: Dataset.Split) -> (images: DatasetFile, labels: DatasetFile) {
    switch split {
    case .train: (trainImages, trainLabels)
    case .test: (testImages, testLabels)
    }
  }

  /// Some archives have a dot for the second hyphen.
  private static func file(
    _ stem: String, _ kind: String, downloadByteCount: Int, byteCount: Int, digest: String
  ) -> DatasetFile {
    DatasetFile(
      names: ["\(stem)-\(kind)", "\(stem).\(kind)"], downloadByteCount: downloadByteCount,
      byteCount: byteCount, digest: digest)
  }
}
