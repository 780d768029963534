#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// One attribute's value.
public enum ONNXAttribute: Sendable {
  /// An integer.
  case integer(Int)
  /// A real number.
  case real(Float)
  /// A text.
  case text(String)
  /// Integers.
  case integers([Int])
  /// Real numbers.
  case reals([Float])
  /// Texts.
  case texts([String])
  /// A tensor.
  case tensor(ONNXTensor)
}

/// A node's attributes, by name.
public struct ONNXAttributes: Sendable {
  private let values: [String: ONNXAttribute]
  /// Which node they are of, for messages.
  private let place: String

  /// Collects attributes.
  init(_ values: [String: ONNXAttribute], of place: String) {
    self.values = values
    self.place = place
  }

  /// The names, sorted.
  public var names: [String] { values.keys.sorted() }

  /// An attribute, whatever its type; `nil` if it is not given.
  public subscript(_ name: String) -> ONNXAttribute? { values[name] }

  /// An integer.
  ///
  /// - Parameters:
  ///   - name: The name.
  ///   - value: The value if it is not given.
  /// - Returns: The value.
  /// - Throws: ``ONNXError`` if the attribute is of another type.
  public func integer(_ name: String, default value: Int) throws(ONNXError) -> Int {
    switch values[name] {
    case nil: return value
    case .integer(let value): return value
    default: throw wrongType(name, "an integer")
    }
  }

  /// A truth value, written as 0 or 1.
  ///
  /// - Parameters:
  ///   - name: The name.
  ///   - value: The value if it is not given.
  /// - Returns: The value.
  /// - Throws: ``ONNXError`` if the attribute is of another type.
  public func flag(_ name: String, default value: Bool = false) throws(ONNXError) -> Bool {
    try integer(name, default: value ? 1 : 0) != 0
  }

  /// A real number.
  ///
  /// - Parameters:
  ///   - name: The name.
  ///   - value: The value if it is not given.
  /// - Returns: The value.
  /// - Throws: ``ONNXError`` if the attribute is of another type.
  public func real(_ name: String, default value: Float) throws(ONNXError) -> Float {
    switch values[name] {
    case nil: return value
    case .real(let value): return value
    default: throw wrongType(name, "a real number")
    }
  }

  /// A text.
  ///
  /// - Parameters:
  ///   - name: The name.
  ///   - value: The value if it is not given.
  /// - Returns: The value.
  /// - Throws: ``ONNXError`` if the attribute is of another type.
  public func text(_ name: String, default value: String) throws(ONNXError) -> String {
    switch values[name] {
    case nil: return value
    case .text(let value): return value
    default: throw wrongType(name, "a text")
    }
  }

  /// Integers.
  ///
  /// - Parameter name: The name.
  /// - Returns: The values; `nil` if they are not given.
  /// - Throws: ``ONNXError`` if the attribute is of another type.
  public func integers(_ name: String) throws(ONNXError) -> [Int]? {
    switch values[name] {
    case nil: return nil
    case .integers(let values): return values
    default: throw wrongType(name, "a list of integers")
    }
  }

  /// Real numbers.
  ///
  /// - Parameter name: The name.
  /// - Returns: The values; `nil` if they are not given.
  /// - Throws: ``ONNXError`` if the attribute is of another type.
  public func reals(_ name: String) throws(ONNXError) -> [Float]? {
    switch values[name] {
    case nil: return nil
    case .reals(let values): return values
    default: throw wrongType(name, "a list of real numbers")
    }
  }

  /// Texts.
  ///
  /// - Parameter name: The name.
  /// - Returns: The values; `nil` if they are not given.
  /// - Throws: ``ONNXError`` if the attribute is of another type.
  public func texts(_ name: String) throws(ONNXError) -> [String]? {
    switch values[name] {
    case nil: return nil
    case .texts(let values): return values
    default: throw wrongType(name, "a list of texts")
    }
  }

  private func wrongType(_ name: String, _ type: String) -> ONNXError {
    ONNXError(
      .malformed, "\(place) has an attribute \"\(name)\" that is not \(type); export the file again"
    )
  }
}
