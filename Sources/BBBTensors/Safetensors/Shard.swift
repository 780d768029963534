#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Which part of a checkpoint a file is by its name, such as `model-00001-of-00003.safetensors`.
public struct Shard: Equatable, Sendable {
  /// The number of this part, from 1 on.
  public let number: Int
  /// The number of parts, more than one.
  public let count: Int
  /// The path that the index of all parts would have.
  public let index: String

  /// Whether there is an index at that path.
  public var isIndexThere: Bool { FileManager.default.fileExists(atPath: index) }

  /// Reads a name; nil if it is not one that Hugging Face's libraries give to parts.
  ///
  /// - Parameter path: The path of a file.
  public init?(path: String) {
    let ending = ".safetensors"
    let name = path.fileName
    guard name.hasSuffix(ending) else { return nil }
    let words = name.dropLast(ending.count).split(separator: "-", omittingEmptySubsequences: false)
    guard words.count > 3, words[words.count - 2] == "of",
      let number = Self.number(words[words.count - 3]),
      let count = Self.number(words[words.count - 1]),
      count > 1, number > 0, number <= count
    else { return nil }
    self.number = number
    self.count = count
    let stem = words.dropLast(3).joined(separator: "-")
    index = path.sibling(named: stem + ending + ".index.json")
  }

  private static func number(_ word: Substring) -> Int? {
    word.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int(word) : nil
  }
}
