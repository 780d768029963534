/// The four files of Fashion-MNIST, which have the names of MNIST's, and who has them.
///
/// Source: Xiao, Rasul and Vollgraf, *Fashion-MNIST: a novel image dataset for benchmarking machine learning
/// algorithms*, arXiv:1708.07747 (2017).
enum FashionMNISTFiles {
  private static let trainImages = file(
    "train-images-idx3-ubyte", downloadByteCount: 26_421_880, byteCount: 47_040_016,
    digest: "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84")
  private static let trainLabels = file(
    "train-labels-idx1-ubyte", downloadByteCount: 29_515, byteCount: 60_008,
    digest: "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845")
  private static let testImages = file(
    "t10k-images-idx3-ubyte", downloadByteCount: 4_422_102, byteCount: 7_840_016,
    digest: "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073")
  private static let testLabels = file(
    "t10k-labels-idx1-ubyte", downloadByteCount: 5_148, byteCount: 10_008,
    digest: "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5")

  static let all = [trainImages, trainLabels, testImages, testLabels]

  static let mirrors = ["http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"]

  /// The images and labels of a split.
  static func files(_ split: Dataset.Split) -> (images: DatasetFile, labels: DatasetFile) {
    switch split {
    case .train: (trainImages, trainLabels)
    case .test: (testImages, testLabels)
    }
  }

  private static func file(
    _ name: String, downloadByteCount: Int, byteCount: Int, digest: String
  ) -> DatasetFile {
    DatasetFile(
      names: [name], downloadByteCount: downloadByteCount, byteCount: byteCount, digest: digest,
      isDigestOfDownload: true)
  }
}
