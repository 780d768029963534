/// An array that a model takes or gives under a name of its own, such as the `state` of a recurrent network: a part of its one
/// input, or of its one output.
public struct Port: Hashable, Sendable {
  /// The name; unique among the inputs, and among the outputs.
  public let name: String
  /// The extents of one example, without the axis of the examples; empty for a single number.
  public let shape: [Int]
  /// The axis of the array along which the examples are; `nil` where the array has no such axis.
  public let exampleAxis: Int?
  /// Whether the numbers are integers, such as those of tokens, which single precision must hold exactly.
  public let holdsIntegers: Bool

  /// Describes an array.
  ///
  /// - Parameters:
  ///   - name: The name.
  ///   - shape: The extents of one example.
  ///   - exampleAxis: The axis of the examples, from 0 to the number of extents; `nil` for none.
  ///   - holdsIntegers: Whether the numbers are integers.
  /// - Precondition: No extent is negative, and the axis is one of the array.
  public init(
    name: String, shape: [Int], exampleAxis: Int? = 0, holdsIntegers: Bool = false
  ) {
    precondition(
      shape.allSatisfy { $0 >= 0 } && exampleAxis.map((0...shape.count).contains) ?? true,
      "a port has extents, and its examples an axis")
    self.name = name
    self.shape = shape
    self.exampleAxis = exampleAxis
    self.holdsIntegers = holdsIntegers
  }

  /// The numbers of one example.
  public var count: Int { shape.reduce(1, *) }

  /// The extents of an array of some examples.
  ///
  /// - Parameter exampleCount: How many they are; of no account where the array has no axis of them.
  /// - Returns: The extents.
  public func arrayShape(exampleCount: Int) -> [Int] {
    guard let exampleAxis else { return shape }
    var extents = shape
    extents.insert(exampleCount, at: exampleAxis)
    return extents
  }

  /// The examples that an array of some shape holds; one example may come without the axis of the examples.
  ///
  /// - Parameter arrayShape: The array's extents.
  /// - Returns: How many they are, at least one; `nil` if an array of that shape is none of this port.
  public func exampleCount(ofArray arrayShape: [Int]) -> Int? {
    if arrayShape == shape { return 1 }
    guard let exampleAxis, arrayShape.count == shape.count + 1 else { return nil }
    var extents = arrayShape
    let count = extents.remove(at: exampleAxis)
    return extents == shape && count > 0 ? count : nil
  }

  /// The shape of an array, with × between the extents and N for the examples.
  public var shapeText: String {
    var texts = shape.map(String.init)
    if let exampleAxis { texts.insert("N", at: exampleAxis) }
    return texts.isEmpty ? "scalar" : texts.joined(separator: "×")
  }

  /// The numbers of an array, one example behind the other.
  ///
  /// - Parameters:
  ///   - elements: The array's, row-major.
  ///   - exampleCount: How many examples it holds.
  /// - Returns: The same numbers, the axis of the examples first.
  /// - Precondition: There are as many as the examples have.
  public func examplesFirst<Element>(_ elements: [Element], exampleCount: Int) -> [Element] {
    guard let exampleAxis else { return elements }
    let inner = shape[exampleAxis...].reduce(1, *)
    let outer = shape[..<exampleAxis].reduce(1, *)
    guard outer > 1, exampleCount > 1 else { return elements }
    var examples: [Element] = []
    examples.reserveCapacity(elements.count)
    for example in 0..<exampleCount {
      for row in 0..<outer {
        let start = (row * exampleCount + example) * inner
        examples += elements[start..<start + inner]
      }
    }
    return examples
  }

  /// An array of numbers that are held one example behind the other.
  ///
  /// - Parameters:
  ///   - elements: The numbers.
  ///   - exampleCount: How many examples they are; where the array has no axis of them, the first one is taken.
  /// - Returns: The array.
  /// - Precondition: There are as many as the examples have.
  public func array(ofExamples elements: [Float], exampleCount: Int) -> PortArray {
    let shape = arrayShape(exampleCount: exampleCount)
    guard let exampleAxis else { return PortArray(shape: shape, Array(elements.prefix(count))) }
    let inner = self.shape[exampleAxis...].reduce(1, *)
    let outer = self.shape[..<exampleAxis].reduce(1, *)
    guard outer > 1, exampleCount > 1 else { return PortArray(shape: shape, elements) }
    var array: [Float] = []
    array.reserveCapacity(elements.count)
    for row in 0..<outer {
      for example in 0..<exampleCount {
        let start = (example * outer + row) * inner
        array += elements[start..<start + inner]
      }
    }
    return PortArray(shape: shape, array)
  }
}

/// The numbers of an array that a model takes or gives.
public struct PortArray: Hashable, Sendable {
  /// The extents, with that of the examples.
  public let shape: [Int]
  /// Row-major.
  public let elements: [Float]

  /// Creates an array.
  ///
  /// - Parameters:
  ///   - shape: The extents, with that of the examples.
  ///   - elements: Row-major.
  /// - Precondition: There are as many elements as the extents say.
  public init(shape: [Int], _ elements: [Float]) {
    precondition(shape.reduce(1, *) == elements.count, "an element for each place of an array")
    self.shape = shape
    self.elements = elements
  }
}
