import BBBDatasets
import Foundation
import TestSupport
import Testing

struct DatasetLocatorTests {
  @Test func `searches the folder named, then the environment's, then the caches`() {
    let locator = DatasetLocator(
      explicitFolder: "/a",
      environment: ["BBBPRUNE_DATA": "/b", "HOME": "/home/u", "XDG_CACHE_HOME": "/c"])
    #if canImport(Darwin)
      #expect(locator.folders == ["/a", "/b", "/home/u/Library/Caches/bbbprune"])
    #else
      #expect(locator.folders == ["/a", "/b", "/c/bbbprune"])
    #endif
  }

  #if !canImport(Darwin)
    @Test(arguments: [
      (["HOME": "/home/u"], ["/home/u/.cache/bbbprune"]),
      (["HOME": "/home/u", "XDG_CACHE_HOME": "relative"], ["/home/u/.cache/bbbprune"]),
      (
        ["HOME": "/home/u", "XDG_CACHE_HOME": "", "BBBPRUNE_DATA": ""], ["/home/u/.cache/bbbprune"]
      ),
      ([:], []),
    ])
    func `finds the caches as the XDG specification says`(
      environment: [String: String], folders: [String]
    ) {
      #expect(DatasetLocator(explicitFolder: nil, environment: environment).folders == folders)
    }
  #endif

  @Test(arguments: ["", "/mnist"], ["-idx", ".idx"])
  func `finds files of either spelling, in the folder or in one named after the dataset`(
    subfolder: String, separator: String
  ) throws {
    try withTemporaryFolder { folder in
      // Some archives unpack into folders that are named like the files.
      try FileManager.default.createDirectory(
        atPath: folder + subfolder + "/t10k-images-idx3-ubyte.gz", withIntermediateDirectories: true
      )
      try write(
        TinyDigits.imagesFile, to: folder + subfolder + "/t10k-images\(separator)3-ubyte")
      try write(
        TinyDigits.labelsFile, to: folder + subfolder + "/t10k-labels\(separator)1-ubyte.gz")
      let locator = DatasetLocator(explicitFolder: folder, environment: [:])
      let dataset = try Dataset.mnist(.test, locator: locator)
      #expect(dataset.name == "mnist")
      #expect(dataset.labels == [3, 1, 0, 9])
      #expect(throws: DatasetError.self) { try Dataset.mnist(.train, locator: locator) }
    }
  }

  @Test func `passes over a folder that holds only part of a dataset`() throws {
    try withTemporaryFolder { folder in
      try write(TinyDigits.imagesFile, to: folder + "/part/train-images-idx3-ubyte")
      try write(TinyDigits.imagesFile, to: folder + "/whole/train-images-idx3-ubyte")
      try write(TinyDigits.labelsFile, to: folder + "/whole/train-labels-idx1-ubyte")
      let dataset = try Dataset.mnist(
        .train,
        locator: DatasetLocator(
          explicitFolder: folder + "/part", environment: ["BBBPRUNE_DATA": folder + "/whole"]))
      #expect(dataset.inputsPath.hasPrefix(folder + "/whole/"))
      #expect(dataset.targetsPath.hasPrefix(folder + "/whole/"))
    }
  }

  @Test func `says where it looked, for what, and what to do`() throws {
    let empty = NSTemporaryDirectory()
    let locator = DatasetLocator(
      explicitFolder: empty, environment: ["BBBPRUNE_DATA": "/neither"])
    let error = try #require(throws: DatasetError.self) {
      try Dataset.mnist(.test, locator: locator)
    }
    #expect(error.code == .notFound)
    for part in [
      "mnist: ", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte", "\(empty), /neither",
      "'bbbprune data mnist'", "--data", "BBBPRUNE_DATA",
    ] {
      #expect(error.description.contains(part), "\(error)")
    }
  }

  @Test func `a folder that the user names must be there`() throws {
    try withTemporaryFolder { folder in
      let error = try #require(throws: DatasetError.self) {
        try Dataset.mnist(
          .test, locator: DatasetLocator(explicitFolder: folder + "/typo", environment: [:]))
      }
      #expect(error.description.hasPrefix(folder + "/typo: there is no such folder"))
    }
  }
}
