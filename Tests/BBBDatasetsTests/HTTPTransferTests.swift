import BBBDatasets
import Foundation
import Testing

/// The system's HTTP client, against a server on the machine itself.
@Suite(.serialized) struct HTTPTransferTests {
  /// What a transfer delivered.
  struct Delivery {
    var start: Int?
    var bytes = Data()
    var request = ""
    var error: TransferError?
  }

  private func fetch(from offset: Int, _ header: String, _ body: String) throws -> Delivery {
    var delivery = Delivery()
    let response = Data("HTTP/1.1 \(header)\r\nConnection: close\r\n\r\n\(body)".utf8)
    delivery.request = try LocalServer.answering(response) { url in
      do {
        try HTTPTransfer.fetch(url, from: offset) { part in
          switch part {
          case .start(let start): delivery.start = start
          case .bytes(let data): delivery.bytes += data
          }
        }
      } catch let error as TransferError {
        delivery.error = error
      }
    }
    return delivery
  }

  @Test func `a whole file`() throws {
    let delivery = try fetch(from: 0, "200 OK\r\nContent-Length: 5", "hello")
    #expect(delivery.start == 0 && delivery.bytes == Data("hello".utf8))
    #expect(delivery.error == nil)
    #expect(delivery.request.hasPrefix("GET /f HTTP/1.1\r\n"))
    #expect(!delivery.request.lowercased().contains("range:"))
    #expect(delivery.request.lowercased().contains("accept-encoding: identity"))
  }

  @Test func `the rest of a file`() throws {
    let delivery = try fetch(
      from: 3, "206 Partial Content\r\nContent-Range: bytes 3-4/5\r\nContent-Length: 2", "lo")
    #expect(delivery.request.lowercased().contains("range: bytes=3-"))
    #expect(delivery.start == 3 && delivery.bytes == Data("lo".utf8))
    #expect(delivery.error == nil)
  }

  @Test func `a server that sends the whole file instead`() throws {
    let delivery = try fetch(from: 3, "200 OK\r\nContent-Length: 5", "hello")
    #expect(delivery.start == 0 && delivery.bytes == Data("hello".utf8))
  }

  @Test(arguments: [
    ("404 Not Found\r\nContent-Length: 4", "HTTP status 404", false),
    ("500 Internal Server Error\r\nContent-Length: 4", "HTTP status 500", false),
    ("416 Range Not Satisfiable\r\nContent-Length: 4", "HTTP status 416", true),
    // A part that was not asked for.
    (
      "206 Partial Content\r\nContent-Range: bytes 1-4/5\r\nContent-Length: 4", "HTTP status 206",
      false
    ),
  ])
  func `an answer without the bytes asked for`(
    header: String, reason: String, isBeyondEnd: Bool
  ) throws {
    let delivery = try fetch(from: 3, header, "body")
    #expect(delivery.start == nil && delivery.bytes.isEmpty)
    let error = try #require(delivery.error)
    #expect(error.reason.contains(reason))
    #expect(error.isBeyondEnd == isBeyondEnd)
  }

  @Test func `a file cut off is a failure, after what came of it`() throws {
    let delivery = try fetch(from: 0, "200 OK\r\nContent-Length: 50", "hello")
    #expect(delivery.error != nil)
    #expect(delivery.bytes == Data("hello".utf8))
  }
}
