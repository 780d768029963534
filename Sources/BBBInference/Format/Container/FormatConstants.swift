/// The constants of the `.bbbz` format, version 1; `docs/file-format.md` is its specification.
enum FormatConstants {
  /// A byte above 127, the name, a line end that text transfers damage, and a control-Z.
  static let magic: [UInt8] = [0x89, 0x42, 0x42, 0x42, 0x5A, 0x0D, 0x0A, 0x1A]
  static let majorVersion: UInt8 = 1
  static let minorVersion: UInt8 = 2
  /// The version of a file that needs nothing that was added since, so that earlier readers read it.
  static let widelyReadMinorVersion: UInt8 = 1
  /// Magic, major, minor, section count, checksum.
  static let preambleByteCount = 16
  static let sectionRecordByteCount = 15
  /// The most units a layer, or inputs an example, may have: it bounds the memory that running a
  /// forged file could claim.
  static let maximumUnitCount = 1 << 20

  /// The most bytes that a file's sections may inflate to together: 64 times the file, and 1 MiB.
  ///
  /// Weights of trained networks hardly compress; deflate alone would allow 1,032 times.
  static func maximumInflatedByteCount(ofFile byteCount: Int) -> Int { 64 * byteCount + 1 << 20 }

  static let maximumLayerCount = 1 << 12
}
