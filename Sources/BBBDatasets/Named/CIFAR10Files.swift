/// The files of the binary version of CIFAR-10, the archive that holds them, and who has it.
///
/// Source: Krizhevsky, *Learning multiple layers of features from tiny images* (2009).
enum CIFAR10Files {
  /// The folder that the archive unpacks into.
  static let folder = "cifar-10-batches-bin"

  private static let trainBatches = [
    batch(
      "data_batch_1.bin", "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5"),
    batch(
      "data_batch_2.bin", "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed"),
    batch(
      "data_batch_3.bin", "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67"),
    batch(
      "data_batch_4.bin", "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48"),
    batch(
      "data_batch_5.bin", "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add"),
  ]
  private static let testBatches = [
    batch("test_batch.bin", "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b")
  ]

  /// The archive, which is kept as its members only.
  static let archive = DatasetArchive(
    file: DatasetFile(
      names: ["cifar-10-binary.tar.gz"], isGzipped: false, downloadByteCount: 170_052_171,
      byteCount: 170_052_171,
      digest: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd",
      isDigestOfDownload: true),
    members: trainBatches + testBatches)

  static let mirrors = ["https://www.cs.toronto.edu/~kriz/"]

  /// The files of a split.
  static func batches(_ split: Dataset.Split) -> [DatasetFile] {
    switch split {
    case .train: trainBatches
    case .test: testBatches
    }
  }

  /// A file in the archive's folder, or in the dataset's own.
  private static func batch(_ name: String, _ digest: String) -> DatasetFile {
    let byteCount = 10_000 * CIFARBatches.exampleByteCount
    return DatasetFile(
      names: ["\(folder)/\(name)", name], isGzipped: false, downloadByteCount: byteCount,
      byteCount: byteCount, digest: digest)
  }
}
