import BBBErrors
import CBBBImages

extension RasterImage {
  /// Decodes a PNG or JPEG file; which of them it is, its content tells.
  ///
  /// - Parameter path: The file.
  /// - Throws: ``DatasetError`` if it cannot be read, is damaged or too large, or the library that reads it is missing.
  init(contentsOf path: String) throws(DatasetError) {
    let content = try fileContent(path)
    let isPNG = content.starts(with: [0x89, 0x50, 0x4E, 0x47])
    guard isPNG || content.starts(with: [0xFF, 0xD8]) else {
      throw DatasetError(
        .malformed, path: path,
        "is neither a PNG nor a JPEG file, whatever its name says; remove it or save it again")
    }
    var image = bbb_image()
    let outcome = content.withUnsafeBufferPointer { content -> bbb_image_outcome in
      guard let start = content.baseAddress else { return BBB_IMAGE_BAD }
      return isPNG
        ? bbb_png_decode(start, content.count, &image)
        : bbb_jpeg_decode(start, content.count, &image)
    }
    defer { bbb_image_free(&image) }
    guard outcome == BBB_IMAGE_DECODED, let pixels = image.pixels else {
      throw Self.failure(outcome, image, path, isPNG: isPNG)
    }
    (width, height) = (Int(image.width), Int(image.height))
    channelCount = Int(image.channel_count)
    self.pixels = Array(
      UnsafeBufferPointer(start: pixels, count: width * height * channelCount))
  }

  private static func failure(
    _ outcome: bbb_image_outcome, _ image: bbb_image, _ path: String, isPNG: Bool
  ) -> DatasetError {
    switch outcome {
    case BBB_IMAGE_NO_LIBRARY:
      return isPNG
        ? DatasetError(
          .missingLibrary, path: path,
          "PNG files are read by libpng, which is not installed; install it (Debian, Ubuntu: apt-get install "
            + "libpng16-16; Fedora: dnf install libpng; macOS: brew install libpng)")
        : DatasetError(
          .missingLibrary, path: path,
          "JPEG files are read by libjpeg-turbo, which is not installed; install it (Debian: apt-get install "
            + "libturbojpeg0; Ubuntu: libturbojpeg; Fedora: dnf install turbojpeg; macOS: brew install jpeg-turbo)"
        )
    case BBB_IMAGE_TOO_LARGE:
      return DatasetError(
        .unsupported, path: path,
        "has \(image.width)×\(image.height) pixels, more than the 134,217,728 that are read; make it smaller"
      )
    case BBB_IMAGE_NO_MEMORY:
      return DatasetError(
        .unsupported, path: path,
        "has \(image.width)×\(image.height) pixels, for which there is not enough memory; make it smaller"
      )
    default:
      let message = withUnsafeBytes(of: image.message) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      return DatasetError(
        .malformed, path: path,
        "is no \(isPNG ? "PNG" : "JPEG") file that can be read (\(message)); remove it or save it again"
      )
    }
  }
}
