#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A model's bytes without those of its large initializers, and where in the file those are.
///
/// Parsing a message copies what it holds. Without the weights that is a few kilobytes; the weights
/// stay in the mapped file, where they are read, or overwritten in a copy, once they are needed.
struct WeightlessModel {
  /// Fewer bytes are not worth leaving out.
  private static let smallestByteCount = 1024

  private enum FieldNumber {
    static let graph = 7
    static let initializer = 5
    static let rawData = 9
  }

  /// The bytes of the model.
  private(set) var bytes = Data()
  /// Where the elements of initializers were that are left out, by the initializers' positions.
  private(set) var rawData: [Int: Range<Int>] = [:]
  private var initializerCount = 0

  /// Leaves the large initializers out.
  ///
  /// Bytes that are no message are kept as they are; parsing them tells what is wrong.
  init(_ data: Data) {
    let isWhole = data.withUnsafeBytes { file in
      var fields = ProtobufFields(file, in: 0..<file.count)
      while let field = fields.next() {
        guard field.number == FieldNumber.graph, field.isLengthDelimited else {
          bytes.append(contentsOf: file[field.whole])
          continue
        }
        guard let graph = graph(file, in: field.content) else { return false }
        bytes.appendField(FieldNumber.graph, graph)
      }
      return !fields.isDamaged
    }
    guard !isWhole else { return }
    bytes = data
    rawData = [:]
  }

  private mutating func graph(_ file: UnsafeRawBufferPointer, in range: Range<Int>) -> Data? {
    var graph = Data()
    var fields = ProtobufFields(file, in: range)
    while let field = fields.next() {
      guard field.number == FieldNumber.initializer, field.isLengthDelimited else {
        graph.append(contentsOf: file[field.whole])
        continue
      }
      if field.content.count >= Self.smallestByteCount {
        guard let (tensor, elements) = tensor(file, in: field.content) else { return nil }
        graph.appendField(FieldNumber.initializer, tensor)
        rawData[initializerCount] = elements
      } else {
        graph.append(contentsOf: file[field.whole])
      }
      initializerCount += 1
    }
    return fields.isDamaged ? nil : graph
  }

  /// A tensor without `raw_data`, of which the last counts where it is written more than once.
  private func tensor(
    _ file: UnsafeRawBufferPointer, in range: Range<Int>
  ) -> (tensor: Data, elements: Range<Int>?)? {
    var tensor = Data()
    var elements: Range<Int>?
    var fields = ProtobufFields(file, in: range)
    while let field = fields.next() {
      if field.number == FieldNumber.rawData, field.isLengthDelimited {
        elements = field.content
      } else {
        tensor.append(contentsOf: file[field.whole])
      }
    }
    return fields.isDamaged ? nil : (tensor, elements)
  }
}
