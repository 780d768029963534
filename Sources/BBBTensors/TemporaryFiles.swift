import CBBBLibc
import Synchronization

/// The temporary files of writes under way, where a signal handler finds them: it may neither wait nor allocate.
enum TemporaryFiles {
  /// The name of a file, owned by whoever takes it out.
  private typealias Slot = Atomic<UnsafeMutablePointer<CChar>?>

  /// More than there are threads that write at the same time.
  private static let capacity = 256

  private nonisolated(unsafe) static let slots: UnsafeMutablePointer<Slot> = {
    // SAFETY: never freed; what is in a slot is atomic.
    let slots = UnsafeMutablePointer<Slot>.allocate(capacity: capacity)
    for index in 0..<capacity { (slots + index).initialize(to: Slot(nil)) }
    return slots
  }()

  /// Runs work while a file is listed.
  static func listing<Result, Failure: Error>(
    _ path: String, during work: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let name = strdup(path)
    let index = (0..<capacity).first { index in
      slots[index].compareExchange(expected: nil, desired: name, ordering: .acquiringAndReleasing)
        .exchanged
    }
    defer {
      // A slot that is empty has been taken by the handler, which still reads the name.
      let isOurs =
        index.map { slots[$0].exchange(nil, ordering: .acquiringAndReleasing) == name } ?? true
      if isOurs { free(name) }
    }
    return try work()
  }

  /// Removes the files that are listed; safe in a signal handler once it has been called outside of one.
  static func removeAll() {
    let slots = slots
    var index = 0
    while index < capacity {
      if let name = slots[index].exchange(nil, ordering: .acquiringAndReleasing) { unlink(name) }
      index += 1
    }
  }
}
