/// The file of the UCI repository's mushroom table, and who has it.
enum MushroomFiles {
  /// What the dataset is called; also the name of its folder.
  static let dataset = "mushroom"

  static let table = DatasetFile(
    names: ["agaricus-lepiota.data"], isGzipped: false, downloadByteCount: 373_703,
    byteCount: 373_703,
    digest: "5f337a91aba07bec5caaad73decfce48dcc34b265e8fe864652699ef39a5178e")

  static let mirrors = [
    "https://archive.ics.uci.edu/ml/machine-learning-databases/mushroom/"
  ]
}
