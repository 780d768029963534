import Testing

@testable import BBBErrors

struct CodedErrorTests {
  private struct Complaint: CodedError {
    enum Code: ErrorCode {
      case broken
      var kind: ErrorKind { .data }
    }

    let code = Code.broken
    var path = ""
    var message = "is broken; mend it"
  }

  @Test func `the path comes first, and a message without a file stands by itself`() {
    #expect("\(Complaint())" == "is broken; mend it")
    #expect("\(Complaint(path: "a.npz"))" == "a.npz: is broken; mend it")
  }

  @Test func `a file is named once, by whoever is nearest to it`() {
    let error = Complaint().located(in: "near")
    #expect(error.path == "near")
    #expect(error.located(in: "far") == error)
  }

  @Test func `what catches any error of the package learns its kind and its sentence`() throws {
    func fail() throws { throw Complaint(path: "a.pt") }
    let error = try #require(throws: (any Error).self) { try fail() }
    let known = try #require(error as? any CodedError)
    #expect(known.code.kind == .data)
    #expect(known.description == "a.pt: is broken; mend it")
  }

  @Test(arguments: [
    ("fc1.weight", "fc1.weight"), ("a\u{1B}[2J\n", "a\u{FFFD}[2J\u{FFFD}"),
    ("\u{9B}31m\r\n", "\u{FFFD}31m\u{FFFD}\u{FFFD}"), ("σ\u{7F}é", "σ\u{FFFD}é"), ("", ""),
  ])
  func `control characters are replaced and nothing else`(text: String, expected: String) {
    #expect(text.withoutControlCharacters == expected)
    #expect(text.asMessage == expected)
  }

  @Test func `an endless message is cut`() {
    let message = String(repeating: "x", count: 1_000_000).asMessage
    #expect((1000...10_000).contains(message.count))
  }
}
