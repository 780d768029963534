import ArgumentParser

/// Shapes of a graph's inputs: `3x224x224` of the only one, `NAME=1x3x224x224`, and extents that the file has names for; with
/// commas between.
struct GraphShapes: ExpressibleByArgument {
  let shapes: [(name: String?, shape: [Int])]

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    shapes = parts.compactMap { part in
      let equals = part.lastIndex(of: "=")
      let name = equals.map { String(part[..<$0]) }
      let extents = part[(equals.map(part.index(after:)) ?? part.startIndex)...]
        .split(separator: "x", omittingEmptySubsequences: false)
      let numbers = extents.compactMap { Int($0) }
      guard numbers.count == extents.count, numbers.allSatisfy({ (1...1 << 31).contains($0) }),
        name?.isEmpty != true
      else { return nil }
      return (name, numbers)
    }
    guard shapes.count == parts.count else { return nil }
  }
}

/// The numbers of a graph's input: `sr=16000`, or several with commas between.
struct GraphValue: ExpressibleByArgument {
  let name: String
  let numbers: [Double]

  init?(argument: String) {
    guard let equals = argument.lastIndex(of: "="), equals > argument.startIndex,
      let list = NumberList(argument: String(argument[argument.index(after: equals)...]))
    else { return nil }
    name = String(argument[..<equals])
    numbers = list.numbers
  }
}
