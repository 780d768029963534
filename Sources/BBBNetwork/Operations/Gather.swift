/// A value's elements along one axis in any order, some more than once perhaps, some not at all.
public struct Gather: Hashable, Sendable {
  /// The axis; 0 is that of the channels.
  public var axis: Int
  /// Which element of the axis each element of the result is.
  public var positions: [Int]

  /// Creates a gathering.
  ///
  /// - Parameters:
  ///   - axis: The axis; 0 is that of the channels.
  ///   - positions: Which element of the axis each element of the result is.
  /// - Precondition: Neither axis nor positions are negative, and there is a position.
  public init(axis: Int, positions: [Int]) {
    precondition(axis >= 0 && !positions.isEmpty, "some elements of an axis are gathered")
    precondition(positions.allSatisfy { $0 >= 0 }, "elements are numbered from 0")
    self.axis = axis
    self.positions = positions
  }

  func shape(reading input: Shape) throws(NetworkError) -> Shape {
    guard axis < input.extents.count else {
      throw NetworkError(
        .mismatched, "there is no axis \(axis) to gather along in a value of \(input) elements")
    }
    if let position = positions.first(where: { $0 >= input.extents[axis] }) {
      throw NetworkError(
        .mismatched,
        "element \(position) is gathered along an axis of \(input.extents[axis]), numbered from 0")
    }
    var extents = input.extents
    extents[axis] = positions.count
    return Shape(extents)
  }

  /// The element of the value that each of the result's is, both row-major.
  ///
  /// - Parameter input: The value's shape.
  /// - Returns: Numbers of elements.
  public func sources(in input: Shape) -> [Int] {
    let inner = input.extents[(axis + 1)...].reduce(1, *)
    let outer = input.extents[..<axis].reduce(1, *)
    return (0..<outer).flatMap { block in
      positions.flatMap { position in
        let first = (block * input.extents[axis] + position) * inner
        return first..<first + inner
      }
    }
  }

  /// Positions that go on evenly, each several times in a row: what texts and files write instead of every position.
  public struct Run: Hashable, Sendable {
    /// The first position.
    public var start: Int
    /// From one position to the next; negative to go backwards, and 1 of a single one.
    public var step: Int
    /// How many positions there are, at least 1.
    public var count: Int
    /// How often each is there, at least 1.
    public var repetition: Int

    /// Creates a run.
    ///
    /// - Parameters:
    ///   - start: The first position.
    ///   - step: From one position to the next.
    ///   - count: How many positions there are.
    ///   - repetition: How often each is there.
    public init(start: Int, step: Int, count: Int, repetition: Int) {
      self.start = start
      self.step = step
      self.count = count
      self.repetition = repetition
    }

    /// The positions.
    public var positions: [Int] {
      (0..<count).flatMap { repeatElement(start + $0 * step, count: repetition) }
    }
  }

  /// The positions in runs, each as long as can be.
  public var runs: [Run] {
    // How often each position follows itself.
    var repeated: [(position: Int, count: Int)] = []
    for position in positions {
      if repeated.last?.position == position {
        repeated[repeated.count - 1].count += 1
      } else {
        repeated.append((position, 1))
      }
    }
    var runs: [Run] = []
    for (position, repetition) in repeated {
      if let last = runs.last, last.repetition == repetition {
        if last.count == 1 {
          runs[runs.count - 1].step = position - last.start
          runs[runs.count - 1].count = 2
          continue
        }
        if position == last.start + last.count * last.step {
          runs[runs.count - 1].count += 1
          continue
        }
      }
      runs.append(Run(start: position, step: 1, count: 1, repetition: repetition))
    }
    return runs
  }
}
