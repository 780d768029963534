import Foundation

/// Fetches the bytes of a file from a place on, and hands them over as they come.
///
/// The function is given the address, the number of bytes that are not needed because they are there
/// already, and a function to call: first with ``TransferPart/start(at:)``, then with the bytes.
package typealias Transfer =
  @Sendable (URL, Int, (TransferPart) throws -> Void) throws -> Void

/// What a transfer delivers.
package enum TransferPart: Sendable {
  /// The bytes that follow begin here: where they were asked for, or at 0 if the sender cannot do that.
  case start(at: Int)
  /// The next bytes.
  case bytes(Data)
}

/// Why a transfer failed: a clause behind "address: " in the message of a ``DatasetError``.
package struct TransferError: Error, Equatable {
  /// The reason.
  package var reason: String
  /// Whether the sender has no bytes from that place on.
  package var isBeyondEnd = false

  /// Creates an error.
  package init(_ reason: String, isBeyondEnd: Bool = false) {
    self.reason = reason
    self.isBeyondEnd = isBeyondEnd
  }
}
