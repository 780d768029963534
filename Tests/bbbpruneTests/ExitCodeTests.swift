import BBBErrors
import Testing

@testable import bbbprune

struct ExitCodeTests {
  @Test func `each kind of error has its exit code, as the documentation lists them`() {
    let codes = ErrorKind.allCases.map { ($0, $0.exitCode) }
    let expected: [(ErrorKind, Int32)] = [
      (.usage, 64), (.data, 65), (.missingInput, 66), (.unavailable, 69), (.output, 74),
    ]
    #expect(codes.elementsEqual(expected, by: ==))
  }

  @Test func `no message of a command has control characters`() {
    let error = CommandError(.unsuitable, path: "a.pt", "two\nlines")
    #expect("\(error)" == "a.pt: two\u{FFFD}lines")
  }
}
