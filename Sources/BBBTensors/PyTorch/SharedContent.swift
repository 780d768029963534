import Synchronization

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Bytes that are inflated once, when they are first needed, and then kept for every tensor that
/// views them: however many tensors share a storage, it costs what it holds.
final class SharedContent: Sendable {
  private let inflate: @Sendable () throws(TensorFileError) -> Data
  private let outcome = Mutex<Result<Data, TensorFileError>?>(nil)

  init(inflate: @escaping @Sendable () throws(TensorFileError) -> Data) {
    self.inflate = inflate
  }

  /// The inflated bytes.
  ///
  /// - Throws: ``TensorFileError`` if the deflated bytes are damaged.
  func bytes() throws(TensorFileError) -> Data {
    let outcome = outcome.withLock { outcome in
      let known = outcome ?? Result(catching: inflate)
      outcome = known
      return known
    }
    return try outcome.get()
  }
}

extension TensorStorage.Content {
  /// The content such that all its copies share what is inflated.
  var shared: TensorStorage.Content {
    guard case .deferred(let byteCount, let inflate) = self else { return self }
    let content = SharedContent(inflate: inflate)
    return .deferred(byteCount: byteCount) { () throws(TensorFileError) -> Data in
      try content.bytes()
    }
  }
}
