import BBBKernels
import Foundation
import Synchronization

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// Transfers by HTTP: the system's client on its own threads, waited for on the caller's.
package final class HTTPTransfer: NSObject, URLSessionDataDelegate, Sendable {
  private enum Event: Sendable {
    case response(status: Int, range: String?)
    case bytes(Data)
    case end(failure: String?)
  }

  /// More than the system's client makes: for its queues, its timers and finding the host.
  private static let threadCount = 8

  private let events = Mutex<[Event]>([])
  private let arrivals = DispatchSemaphore(value: 0)

  /// A ``Transfer``.
  package static func fetch(
    _ url: URL, from offset: Int, _ receive: (TransferPart) throws -> Void
  ) throws {
    // The system's client waits for ever for threads that cannot be made.
    guard canMakeThreads(threadCount) else {
      throw TransferError(
        "is not asked: downloads need \(threadCount) threads, which the system refuses; raise the limits ('ulimit -u', 'ulimit -v')"
      )
    }
    var request = URLRequest(url: url)
    // Bytes as they are stored: a place in them means nothing otherwise.
    request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
    if offset > 0 { request.setValue("bytes=\(offset)-", forHTTPHeaderField: "Range") }
    let configuration = URLSessionConfiguration.ephemeral
    configuration.timeoutIntervalForRequest = 30
    let transfer = HTTPTransfer()
    let session = URLSession(configuration: configuration, delegate: transfer, delegateQueue: nil)
    // The session keeps its delegate until it is told to stop.
    defer { session.invalidateAndCancel() }
    session.dataTask(with: request).resume()
    try transfer.deliver(from: offset, receive)
  }

  private func deliver(from offset: Int, _ receive: (TransferPart) throws -> Void) throws {
    while true {
      arrivals.wait()
      let event = events.withLock { $0.isEmpty ? nil : $0.removeFirst() }
      switch event {
      case .response(let status, let range):
        try receive(.start(at: Self.start(status: status, range: range, asked: offset)))
      case .bytes(let data): try receive(.bytes(data))
      case .end(let failure?): throw TransferError(failure)
      case .end(nil), nil: return
      }
    }
  }

  /// Where the bytes of a response begin.
  private static func start(status: Int, range: String?, asked: Int) throws -> Int {
    switch status {
    case 200: return 0
    case 206 where range?.hasPrefix("bytes \(asked)-") == true: return asked
    case 416: throw TransferError("has no more bytes (HTTP status 416)", isBeyondEnd: true)
    default: throw TransferError("answers with HTTP status \(status)")
    }
  }

  private func add(_ event: Event) {
    events.withLock { $0.append(event) }
    arrivals.signal()
  }

  package func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
  ) {
    let response = response as? HTTPURLResponse
    add(
      .response(
        status: response?.statusCode ?? 0,
        range: response?.value(forHTTPHeaderField: "Content-Range")))
    completionHandler(.allow)
  }

  package func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data
  ) {
    add(.bytes(data))
  }

  package func urlSession(
    _ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?
  ) {
    add(.end(failure: error.map(Self.reason)))
  }

  private static func reason(_ error: any Error) -> String {
    switch (error as? URLError)?.code {
    case .cannotFindHost, .dnsLookupFailed: "the host is not found"
    case .cannotConnectToHost, .notConnectedToInternet: "no connection"
    case .timedOut: "no answer in time"
    case .networkConnectionLost: "the connection broke off"
    default: "the transfer failed (\(error.localizedDescription))"
    }
  }
}
