import BBBTensors

/// How pictures are brought to the size that a network takes, in the way of torchvision's `Resize` and `CenterCrop`.
public struct ImageSizing: Hashable, Sendable {
  /// How long the shorter side becomes first; `nil` for as long that the picture just covers what is cut out.
  public var resize: Int?
  /// The side of the square that is cut out of the middle then; `nil` for the network's.
  public var crop: Int?

  /// Describes a sizing.
  ///
  /// - Parameters:
  ///   - resize: How long the shorter side becomes; `nil` for as long that the picture just covers what is cut out.
  ///   - crop: The side of the square that is cut out; `nil` for what the network takes.
  public init(resize: Int? = nil, crop: Int? = nil) {
    self.resize = resize
    self.crop = crop
  }

  /// The channels, rows and columns of the pictures that a network takes.
  ///
  /// - Parameters:
  ///   - form: What the network takes.
  ///   - path: The folder of the pictures, for messages.
  /// - Returns: The pictures.
  /// - Throws: ``DatasetError`` if it takes no pictures, or others than are asked for.
  func target(for form: InputForm, path: String) throws(DatasetError) -> ImageTarget {
    guard let target = ImageTarget(form, side: crop) else {
      throw DatasetError(
        .mismatched, path: path,
        "holds pictures, but the network takes \(shapeText(form.extents)), no grey or coloured picture of a known size;"
          + " give arrays (NPY, NPZ)")
    }
    if let crop, crop != target.height || crop != target.width {
      throw DatasetError(
        .mismatched, path: path,
        "'--crop \(crop)' makes pictures of \(crop)×\(crop), but the network takes \(target.height)×\(target.width)"
          + " (rows and columns); leave it out")
    }
    if let resize, resize < min(target.height, target.width) {
      throw DatasetError(
        .mismatched, path: path,
        "'--resize \(resize)' makes pictures smaller than the \(target.height)×\(target.width) that the network takes"
          + " (rows and columns); give at least \(max(target.height, target.width))")
    }
    return target
  }

  /// The picture as a network takes it: channel by channel.
  ///
  /// - Parameters:
  ///   - image: The picture.
  ///   - target: What the network takes.
  ///   - path: The file, for messages.
  /// - Returns: The bytes.
  /// - Throws: ``DatasetError`` if the picture does not cover what is cut out.
  func applied(
    to image: RasterImage, _ target: ImageTarget, path: String
  ) throws(DatasetError) -> RasterImage {
    let (width, height) = size(of: image, target)
    guard width >= target.width, height >= target.height else {
      throw DatasetError(
        .mismatched, path: path,
        "has \(height)×\(width) pixels (rows and columns) after '--resize', fewer than the \(target.height)×"
          + "\(target.width) that the network takes; give a larger number")
    }
    guard width <= Self.largestPixelCount / height else {
      throw DatasetError(
        .unsupported, path: path,
        "has \(image.height)×\(image.width) pixels (rows and columns), of which the shorter side would make it too large"
          + " (\(height)×\(width)); cut it")
    }
    let resized = image.withChannels(target.channelCount).resized(width: width, height: height)
    return resized.cropped(
      columns: Self.middle(target.width, of: width), rows: Self.middle(target.height, of: height))
  }

  /// As many as a file may have.
  private static let largestPixelCount = 1 << 27

  /// The size before the middle is cut out.
  ///
  /// The longer side is rounded down.
  private func size(of image: RasterImage, _ target: ImageTarget) -> (width: Int, height: Int) {
    let (width, height) = (image.width, image.height)
    if let resize {
      return width <= height ? (resize, resize * height / width) : (resize * width / height, resize)
    }
    return target.height * width >= target.width * height
      ? (target.height * width / height, target.height)
      : (target.width, target.width * height / width)
  }

  /// Where a run of pixels lies in the middle of a longer one; half a pixel goes to the even side.
  private static func middle(_ count: Int, of length: Int) -> Range<Int> {
    let start = Int((Double(length - count) / 2).rounded(.toNearestOrEven))
    return start..<(start + count)
  }
}

/// The pictures that a network takes.
struct ImageTarget {
  let channelCount: Int
  let height: Int
  let width: Int
  /// Whether the channels of a pixel stand together.
  let hasChannelsLast: Bool

  /// The extents of one example.
  var exampleShape: [Int] {
    hasChannelsLast ? [height, width, channelCount] : [channelCount, height, width]
  }

  /// The pictures of a form; `nil` if it has none.
  ///
  /// - Parameters:
  ///   - form: What the network takes.
  ///   - side: The side of a picture, where the form is a row and does not tell.
  init?(_ form: InputForm, side: Int?) {
    let extents = form.extents
    hasChannelsLast = form.networkLayout == .channelsLast
    switch extents.count {
    case 1:
      // A row is read as grey, channel by channel: where colours stand in it nothing tells.
      let root = side ?? Int(Double(extents[0]).squareRoot())
      guard root * root == extents[0] else { return nil }
      (channelCount, height, width) = (1, root, root)
    case 2 where form.networkLayout == nil:
      (channelCount, height, width) = (1, extents[0], extents[1])
    case 3 where hasChannelsLast:
      (channelCount, height, width) = (extents[2], extents[0], extents[1])
    case 3: (channelCount, height, width) = (extents[0], extents[1], extents[2])
    default: return nil
    }
    guard channelCount == 1 || channelCount == 3 else { return nil }
  }
}
