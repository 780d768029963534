import ArgumentParser
import BBBDatasets
import BBBNetwork
import Foundation

/// How pictures in a folder are brought to the size that the network takes.
struct ImageSizeOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Of a folder of pictures: make the shorter side that long before the middle is cut out. Default: as long that the "
        + "picture just covers what the network takes.", valueName: "pixels"))
  var resize: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Of a folder of pictures: cut a square of that side out of the middle. Default: what the network takes.",
      valueName: "pixels"))
  var crop: Int?

  /// The same for the library.
  var sizing: ImageSizing { ImageSizing(resize: resize, crop: crop) }

  func validate() throws {
    for (option, value) in [("--resize", resize), ("--crop", crop)] {
      if let value, !(1...65_536).contains(value) {
        throw ValidationError("Give '\(option)' a count of pixels from 1 to 65536.")
      }
    }
  }

  /// Checks that sizes are said of folders, and of those nothing that they have no use for.
  ///
  /// - Parameters:
  ///   - paths: What is read.
  ///   - layout: Where files are said to have their channels.
  /// - Throws: `ValidationError` if not.
  func check(for paths: [String?], _ layout: InputLayoutOption) throws {
    let folders = paths.compactMap(\.self).filter(Self.isFolder)
    guard let folder = folders.first else {
      guard resize == nil, crop == nil else {
        throw ValidationError(
          "'--resize' and '--crop' are for folders of pictures: leave them out.")
      }
      return
    }
    if layout.layout != nil, folders.count == paths.compactMap(\.self).count {
      throw ValidationError(
        "'--input-layout' is for arrays, and '\(folder)' is a folder of pictures: leave it out.")
    }
  }

  /// Whether a path names a folder.
  static func isFolder(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path + "/.")
  }
}
