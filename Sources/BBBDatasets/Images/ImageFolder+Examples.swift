import BBBKernels
import BBBTensors
import Synchronization

extension Dataset {
  /// Reads a folder of pictures, PNG or JPEG, with a folder for each class.
  ///
  /// - Parameters:
  ///   - path: The folder. The classes are numbered in the order of their names.
  ///   - sizing: How the pictures are brought to the size that the network takes.
  ///   - form: What the network takes; how many channels it has decides whether pictures are grey or coloured.
  ///   - classCount: The number of classes that the network tells apart.
  ///   - threadCount: How many threads may decode at the same time.
  /// - Throws: ``DatasetError`` if there are other classes, the network takes no pictures, or one cannot be read.
  public init(
    imagesInFolder path: String, sizing: ImageSizing, for form: InputForm, classCount: Int,
    threadCount: Int = 1
  ) throws(DatasetError) {
    let folder = try ImageFolder(classesIn: path)
    // Fewer folders than classes would number them otherwise than in training.
    guard folder.classes.count == classCount else {
      throw DatasetError(
        .mismatched, path: path,
        "has \(folder.classes.count) folders, but the network tells \(classCount) classes apart; give each class a folder,"
          + " an empty one where there are no pictures of it")
    }
    let target = try sizing.target(for: form, path: path)
    try self.init(
      name: path,
      inputs: .bytes(
        try folder.files.decoded(sizing, target, threadCount: threadCount)),
      exampleShape: target.exampleShape, labels: folder.labels, inputsPath: path, labelsPath: path,
      files: [path])
  }
}

extension UnlabelledExamples {
  /// Reads a folder of pictures, PNG or JPEG, whatever folders they are in.
  ///
  /// - Parameters:
  ///   - path: The folder.
  ///   - sizing: How the pictures are brought to the size that the network takes.
  ///   - form: What the network takes; how many channels it has decides whether pictures are grey or coloured.
  ///   - largestCount: The most pictures to read, which are taken evenly from all; all by default.
  ///   - threadCount: How many threads may decode at the same time.
  /// - Throws: ``DatasetError`` if the network takes no pictures, there are none, or one cannot be read.
  public init(
    imagesInFolder path: String, sizing: ImageSizing, for form: InputForm,
    largestCount: Int = .max, threadCount: Int = 1
  ) throws(DatasetError) {
    let all = try ImageFolder(picturesIn: path).files
    let count = min(all.count, largestCount)
    let files = (0..<count).map { all[$0 * all.count / count] }
    let target = try sizing.target(for: form, path: path)
    self.init(
      name: path, inputs: .bytes(try files.decoded(sizing, target, threadCount: threadCount)),
      exampleShape: target.exampleShape, file: path)
  }
}

extension [String] {
  /// The numbers of the pictures in files, one behind the other.
  fileprivate func decoded(
    _ sizing: ImageSizing, _ target: ImageTarget, threadCount: Int
  ) throws(DatasetError) -> [UInt8] {
    let size = target.exampleShape.reduce(1, *)
    let failure = Mutex<(file: Int, error: DatasetError)?>(nil)
    let numbers = [UInt8](unsafeUninitializedCapacity: size * count) { buffer, initializedCount in
      buffer.initialize(repeating: 0)
      // SAFETY: each piece writes its own part of the buffer, and all have ended before it does.
      nonisolated(unsafe) let buffer = buffer
      performConcurrently(pieceCount: count, threadCount: threadCount) { index, _ in
        // Only an earlier file's failure is of interest once there is one.
        guard failure.withLock({ $0.map { index < $0.file } ?? true }) else { return }
        do throws(DatasetError) {
          let image = try sizing.applied(
            to: try RasterImage(contentsOf: self[index]), target, path: self[index])
          let numbers = target.hasChannelsLast ? image.pixels : image.planes
          for (place, number) in numbers.enumerated() { buffer[index * size + place] = number }
        } catch {
          failure.withLock { found in
            if found.map({ index < $0.file }) ?? true { found = (index, error) }
          }
        }
      }
      initializedCount = size * count
    }
    if let (_, error) = failure.withLock({ $0 }) { throw error }
    return numbers
  }
}
