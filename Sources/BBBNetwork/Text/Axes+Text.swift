extension Normalise {
  /// The axes, and ε if it is not the default, as they are written.
  var arguments: [String] {
    axes.flatMap { ["axis", "\($0)"] }
      + (epsilon == Self.defaultEpsilon ? [] : ["epsilon", "\(epsilon)"])
  }
}

extension Product {
  /// Which operands are stored transposed, as it is written.
  var arguments: [String] {
    switch (transposesFirst, transposesSecond) {
    case (false, false): []
    case (true, false): ["transposing", "first"]
    case (false, true): ["transposing", "second"]
    case (true, true): ["transposing", "both"]
    }
  }
}

extension TextWords {
  /// The axes in another order.
  mutating func transpose() throws(NetworkError) -> Transpose {
    Transpose(try numbers("the axes in another order, such as 1 0", atLeast: 0))
  }

  /// The extents of a shape.
  mutating func reshape() throws(NetworkError) -> Reshape {
    Reshape(try numbers("the extents, channels first, such as 3 32 64", atLeast: 1))
  }

  /// An axis.
  mutating func softmax() throws(NetworkError) -> Softmax {
    guard take("axis") else {
      throw NetworkError(.syntax, "softmax is along an axis; write 'softmax axis 2'")
    }
    return Softmax(axis: try axis())
  }

  /// The axes, and what is added to the variance.
  mutating func normalise() throws(NetworkError) -> Normalise {
    var axes: [Int] = []
    while take("axis") { axes.append(try axis()) }
    guard !axes.isEmpty else {
      throw NetworkError(
        .syntax, "normalise is over one axis or more; write 'normalise axis 0 axis 1'")
    }
    guard take("epsilon") else { return Normalise(axes: axes) }
    let word = try next("epsilon")
    guard let epsilon = Double(word), Normalise.epsilons.contains(epsilon) else {
      throw NetworkError(.syntax, "'\(word)' is to be epsilon, a number from 1e-30 to 1e30")
    }
    return Normalise(axes: axes, epsilon: epsilon)
  }

  /// Which operands are stored transposed; it stands behind their names.
  mutating func product() throws(NetworkError) -> Product {
    switch takeLast(behind: "transposing") {
    case nil: return Product()
    case "first": return Product(transposesFirst: true)
    case "second": return Product(transposesSecond: true)
    case "both": return Product(transposesFirst: true, transposesSecond: true)
    case let word?:
      throw NetworkError(.syntax, "'\(word)' is to be what is transposed: first, second or both")
    }
  }

  mutating func axis() throws(NetworkError) -> Int {
    let word = try next("an axis")
    guard let axis = Int(word), (0..<Shape.largestAxisCount).contains(axis) else {
      throw NetworkError(
        .syntax,
        "'\(word)' is to be an axis, from 0, the channels, to \(Shape.largestAxisCount - 1)")
    }
    return axis
  }

  /// The next words that are numbers, of which there is one at least.
  private mutating func numbers(
    _ what: String, atLeast least: Int
  ) throws(NetworkError) -> [Int] {
    var numbers: [Int] = []
    while let word = takeWord(where: { $0 != "from" }) {
      guard let number = Int(word), (least...NetworkParser.largestExtent).contains(number) else {
        throw NetworkError(.syntax, "'\(word)' is to be one of \(what)")
      }
      numbers.append(number)
    }
    guard !numbers.isEmpty else {
      throw NetworkError(.syntax, "the line ends where \(what), is to follow")
    }
    return numbers
  }
}
