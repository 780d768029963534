/// The constants of the `.bbbz` format; `docs/file-format.md` is its specification.
enum FormatConstants {
  /// A byte above 127, the name, a line end that text transfers damage, and a control-Z.
  static let magic: [UInt8] = [0x89, 0x42, 0x42, 0x42, 0x5A, 0x0D, 0x0A, 0x1A]
  /// The version that is written; version 1 is read as well.
  static let majorVersion: UInt8 = 2
  static let minorVersion: UInt8 = 2
  /// Magic, major, minor, section count, checksum.
  static let preambleByteCount = 16
  static let sectionRecordByteCount = 15
  /// The most units a matrix, or extents a value, may have.
  static let maximumUnitCount = 1 << 20
  /// The most columns a matrix may have.
  static let maximumColumnCount = 1 << 22
  /// The most numbers a constant may have.
  static let maximumConstantCount = 1 << 22
  /// Elements that are gathered along an axis, and the highest number of one.
  static let maximumGatheredCount = 1 << 20
  static let maximumNodeCount = 1 << 12
  /// The most cells, and the farthest steps and paddings, of a window along an axis.
  static let maximumWindowExtent = 1 << 16
  static let maximumAxisCount = 4
  /// The most inputs, and outputs, that have names, and the most bytes of a name.
  static let maximumPortCount = 1 << 10
  static let maximumNameByteCount = 1 << 10
  /// The most axes of an array with a name.
  static let maximumPortAxisCount = 32

  /// The most bytes that a file's sections may inflate to together: 64 times the file, and 1 MiB.
  ///
  /// Weights of trained networks hardly compress; deflate alone would allow 1,032 times.
  static func maximumInflatedByteCount(ofFile byteCount: Int) -> Int { 64 * byteCount + 1 << 20 }

  /// The most layers of a file of version 1.
  static let maximumLayerCount = 1 << 12
}
