import Foundation
import TestSupport
import Testing

@testable import BBBONNX

/// What scripts compute by ONNX Runtime.
extension PythonRuntime {
  /// The number of examples that the scripts run.
  static let exampleCount = 3

  /// A value that it computed.
  struct Value: Decodable {
    let shape: [Int]
    /// Those that are not finite are `nil`.
    let elements: [Double?]?
  }

  /// The path of a script.
  static func script(_ name: String) throws -> String {
    try #require(Bundle.module.url(forResource: "Scripts/\(name)", withExtension: "py")).path
  }

  /// Compares a graph's values with what was computed.
  ///
  /// - Returns: The number of values compared.
  static func compare(_ graph: ONNXGraph, with values: [String: Value], _ place: String) throws
    -> Int
  {
    var count = 0
    for (name, value) in graph.values {
      guard let expected = values[name] else { continue }
      count += 1
      let shape = value.shape.map { $0.value(batch: exampleCount) }
      #expect(shape == expected.shape, "\(place): \(name)")
      guard let elements = expected.elements, let constant = graph.constants[name] else { continue }
      try compare(constant, with: elements, "\(place): \(name)")
    }
    return count
  }

  private static func compare(
    _ constant: ONNXConstant, with elements: [Double?], _ place: String
  ) throws {
    switch try constant.elements() {
    case .reals(let reals):
      #expect(
        zip(reals, elements).allSatisfy { real, element in
          element.map { abs(real - $0) <= 1e-6 * max(abs(real), 1) } ?? !real.isFinite
        } && reals.count == elements.count, "\(place): \(reals) for \(elements)")
    case .integers(let integers):
      let numbers = integers.map { $0.value(batch: exampleCount).map(Double.init) }
      #expect(numbers == elements, "\(place)")
    }
  }
}
