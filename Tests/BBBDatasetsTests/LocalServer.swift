import Foundation
import Synchronization

/// Answers one request on the machine itself, word for word as told.
enum LocalServer {
  struct Failure: Error {}

  /// Runs a test with the address of a server.
  ///
  /// - Parameters:
  ///   - response: What it sends, status line and all, before it hangs up.
  ///   - body: The test.
  /// - Returns: The request that came.
  /// - Throws: What the test throws, or that there is no socket to be had.
  static func answering(_ response: Data, to body: (URL) throws -> Void) throws -> String {
    #if canImport(Glibc)
      let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
      let listener = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    guard listener >= 0 else { throw Failure() }
    defer { close(listener) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    // SAFETY: a sockaddr_in is a sockaddr of the size given, and outlives the calls.
    let isReady = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, size) == 0 && listen(listener, 1) == 0
          && getsockname(listener, $0, &size) == 0
      }
    }
    guard isReady,
      let url = URL(string: "http://127.0.0.1:\(UInt16(bigEndian: address.sin_port))/f")
    else { throw Failure() }
    let server = Server()
    DispatchQueue.global().async { server.answer(listener, with: response) }
    try body(url)
    return server.waitForRequest()
  }

  private final class Server: Sendable {
    private let request = Mutex("")
    private let finished = DispatchSemaphore(value: 0)

    func answer(_ listener: Int32, with response: Data) {
      let connection = FileHandle(
        fileDescriptor: accept(listener, nil, nil), closeOnDealloc: true)
      var received = ""
      while !received.hasSuffix("\r\n\r\n") {
        let data = connection.availableData
        guard !data.isEmpty else { break }
        received += String(decoding: data, as: UTF8.self)
      }
      request.withLock { $0 = received }
      try? connection.write(contentsOf: response)
      try? connection.close()
      finished.signal()
    }

    func waitForRequest() -> String {
      finished.wait()
      return request.withLock { $0 }
    }
  }
}
