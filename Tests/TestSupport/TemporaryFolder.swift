import Foundation

/// Runs a test with the path of a new folder, which is removed afterwards.
///
/// - Parameter body: The test.
/// - Throws: What the test throws, or that the folder could not be made.
public func withTemporaryFolder(_ body: (String) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory
    .appending(path: "bbbprune-tests-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  try body(folder.path)
}
