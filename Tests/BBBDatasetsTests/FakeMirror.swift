import BBBDatasets
import Foundation
import Synchronization

/// A server that is a function: it has some files, and may misbehave.
final class FakeMirror: Sendable {
  enum Behaviour: Sendable {
    /// Sends what is asked for.
    case good
    /// Sends every file from its beginning, whatever is asked for.
    case withoutRanges
    /// Breaks off after some bytes.
    case cut(after: Int)
    /// Has nothing.
    case empty
    /// Sends other bytes than those of the file.
    case wrong
    /// Does not stop sending.
    case endless
  }

  private let files: [String: Data]
  private let behaviours: [String: Behaviour]
  private let log = Mutex<[String]>([])

  /// - Parameters:
  ///   - files: The content of each file, by name.
  ///   - behaviours: How each host behaves, by name.
  init(files: [String: Data], behaviours: [String: Behaviour]) {
    self.files = files
    self.behaviours = behaviours
  }

  /// What was asked for: host, file and place.
  var requests: [String] { log.withLock { $0 } }

  func transfer(
    _ url: URL, _ offset: Int, _ receive: (TransferPart) throws -> Void
  ) throws {
    let host = url.host() ?? ""
    log.withLock { $0.append("\(host) \(url.lastPathComponent) \(offset)") }
    guard let behaviour = behaviours[host], let file = files[url.lastPathComponent] else {
      throw TransferError("the host is not found")
    }
    switch behaviour {
    case .empty: throw TransferError("answers with HTTP status 404")
    case .wrong:
      try receive(.start(at: 0))
      try receive(.bytes(Data("<html>Sign in to the network</html>".utf8)))
    case .endless:
      try receive(.start(at: 0))
      while true { try receive(.bytes(Data(repeating: 1, count: 100))) }
    case .withoutRanges:
      try receive(.start(at: 0))
      try receive(.bytes(file))
    case .cut(let count):
      try receive(.start(at: offset))
      try receive(.bytes(file.dropFirst(offset).prefix(count)))
      throw TransferError("the connection broke off")
    case .good:
      guard offset < file.count else { throw TransferError("416", isBeyondEnd: true) }
      try receive(.start(at: offset))
      // In two parts, as networks do.
      try receive(.bytes(file.dropFirst(offset).prefix(7)))
      try receive(.bytes(file.dropFirst(offset + 7)))
    }
  }
}
