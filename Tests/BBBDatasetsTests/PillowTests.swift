import BBBDatasets
import BBBNetwork
import Foundation
import TestSupport
import Testing

/// Pictures as the Python Imaging Library, and so torchvision, reads and resizes them.
struct PillowTests {
  static let isThere =
    (try? PythonRuntime.run(["-c", "import numpy, PIL.Image"])) != nil
    && ImageFolderTests.readsPNG
  static let remedy: Comment =
    "install Python 3 with numpy and pillow (pip install numpy pillow), libpng and libjpeg-turbo"

  /// What the script is told, and the network that takes such pictures.
  static let sizings: [(ImageSizing, [String], String)] = [
    (ImageSizing(), ["24", "24", "24"], "input 3 24 24; conv = convolution 2 3x3; flatten"),
    (
      ImageSizing(resize: 40), ["40", "24", "24"],
      "input 3 24 24; conv = convolution 2 3x3; flatten"
    ),
    (
      ImageSizing(resize: 90, crop: 70), ["90", "70", "70"],
      "input 1 70 70; conv = convolution 2 3x3; flatten"
    ),
  ]

  @Test(.enabled(if: isThere, remedy), arguments: sizings)
  func `pixels are Pillow's`(
    sizing: ImageSizing, arguments: [String], network: String
  ) throws {
    let script = try #require(
      Bundle.module.url(forResource: "Scripts/pillow_pictures", withExtension: "py"))
    try withTemporaryFolder { folder in
      let form = InputForm(of: try Network(text: network))
      _ = try PythonRuntime.run(
        [script.path, folder, "\(form.extents[0])"] + arguments)
      for (kind, largestDifference) in [("png", 0), ("jpeg", 2)] {
        let wanted = try Dataset(
          examplesPath: folder + "/\(kind).npz", split: .test)
        let found = try UnlabelledExamples(
          imagesInFolder: folder + "/" + kind, sizing: sizing, for: form, threadCount: 2)
        guard case .bytes(let pixels) = found.inputs, case .bytes(let others) = wanted.inputs
        else {
          Issue.record("pixels are bytes")
          return
        }
        #expect(pixels.count == others.count && wanted.count > 5)
        let differences = zip(pixels, others).map { abs(Int($0) - Int($1)) }
        #expect(
          differences.max() ?? 0 <= largestDifference,
          "\(kind): \(differences.max() ?? 0) at \(differences.firstIndex(of: differences.max() ?? 0) ?? 0)"
        )
      }
    }
  }
}
