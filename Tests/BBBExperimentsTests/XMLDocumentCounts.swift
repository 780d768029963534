import Foundation

#if canImport(FoundationXML)
  import FoundationXML
#endif

/// How often each element occurs in an XML document.
final class XMLDocumentCounts: NSObject, XMLParserDelegate {
  private var counts: [String: Int] = [:]

  /// Parses; throws if the text is not well formed.
  init(_ text: String) throws {
    super.init()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = self
    guard parser.parse() else { throw parser.parserError ?? CocoaError(.formatting) }
  }

  subscript(name: String) -> Int { counts[name] ?? 0 }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    counts[name, default: 0] += 1
  }
}
