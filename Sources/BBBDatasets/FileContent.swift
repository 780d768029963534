#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// All bytes of a file, for formats that are read whole.
///
/// - Parameter path: The file.
/// - Returns: The bytes.
/// - Throws: ``DatasetError`` if it cannot be read.
func fileContent(_ path: String) throws(DatasetError) -> [UInt8] {
  do {
    return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
  } catch {
    throw DatasetError(
      .inaccessible, path: path, "cannot be read; check that the file exists and is readable")
  }
}
