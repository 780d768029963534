/// What part of each channel an element of the result is computed from: a kernel that moves over rows and columns.
///
/// Output position p and kernel cell k read the input position p · stride − padding before + k · dilation, along each
/// axis behind the channels.
public struct Window: Hashable, Sendable {
  /// One axis of a window.
  public struct Axis: Hashable, Sendable {
    /// The cells of the kernel; at least 1.
    public var extent: Int
    /// By how much the kernel moves from one output to the next; at least 1.
    public var stride: Int
    /// The distance of neighbouring cells; at least 1.
    public var dilation: Int
    /// How far the kernel reaches beyond the first element.
    public var paddingBefore: Int
    /// How far it reaches beyond the last.
    public var paddingAfter: Int

    /// Creates an axis.
    ///
    /// - Parameters:
    ///   - extent: The cells of the kernel.
    ///   - stride: By how much it moves.
    ///   - dilation: The distance of neighbouring cells.
    ///   - paddingBefore: How far it reaches beyond the first element.
    ///   - paddingAfter: How far it reaches beyond the last; as far as before the first by default.
    /// - Precondition: Extent, stride and dilation are positive, paddings are not negative.
    public init(
      _ extent: Int, stride: Int = 1, dilation: Int = 1, paddingBefore: Int = 0,
      paddingAfter: Int? = nil
    ) {
      precondition(min(extent, stride, dilation) > 0, "a kernel has cells and moves")
      precondition(min(paddingBefore, paddingAfter ?? 0) >= 0, "padding is not negative")
      self.extent = extent
      self.stride = stride
      self.dilation = dilation
      self.paddingBefore = paddingBefore
      self.paddingAfter = paddingAfter ?? paddingBefore
    }

    /// The elements between the first cell and the last, both counted.
    public var reach: Int { (extent - 1) * dilation + 1 }

    /// The number of outputs along an axis; 0 if the kernel does not fit in once.
    ///
    /// - Parameter count: The number of elements.
    /// - Returns: The number.
    public func outputCount(of count: Int) -> Int {
      let room = count + paddingBefore + paddingAfter - reach
      return room < 0 ? 0 : room / stride + 1
    }

    /// The position that an output reads by a cell, negative or beyond the end in the padding.
    ///
    /// - Parameters:
    ///   - output: The output's position.
    ///   - cell: The kernel's cell.
    /// - Returns: The input's position.
    public func position(_ output: Int, _ cell: Int) -> Int {
      output * stride - paddingBefore + cell * dilation
    }

    /// Whether an output reads an element, and not the padding alone.
    ///
    /// - Parameters:
    ///   - output: The output's position.
    ///   - count: The number of elements.
    /// - Returns: Whether one of its cells lies on an element.
    func readsElement(_ output: Int, of count: Int) -> Bool {
      let first = position(output, 0)
      let cell = first < 0 ? (dilation - 1 - first) / dilation : 0
      return cell < extent && first + cell * dilation < count
    }
  }

  /// One for each axis behind the channels, in order.
  public let axes: [Axis]

  /// Creates a window.
  ///
  /// - Parameter axes: One for each axis behind the channels; at least one.
  public init(_ axes: [Axis]) {
    precondition(!axes.isEmpty, "a window moves along an axis")
    self.axes = axes
  }

  /// The number of cells of the kernel.
  public var cellCount: Int { axes.reduce(1) { $0 * $1.extent } }
  /// Whether the kernel reaches beyond a value's elements.
  public var hasPadding: Bool { axes.contains { $0.paddingBefore > 0 || $0.paddingAfter > 0 } }

  /// The most elements that a value may have with its padding, and that a kernel may read of one channel, for all outputs
  /// together: what running it asks memory for.
  private static let largestCount = 1 << 26

  /// The positions of the outputs over a value.
  ///
  /// - Parameter input: The value's shape.
  /// - Returns: The result's extents behind its channels.
  /// - Throws: ``NetworkError`` if the value has other axes, the kernel does not fit, or it reads more than can be held.
  func outputPositions(of input: Shape) throws(NetworkError) -> [Int] {
    let positions = input.positions
    guard positions.count == axes.count else {
      throw NetworkError(
        .mismatched,
        "a kernel of \(axes.count) axes moves over as many behind the channels, and there are \(positions.count)"
      )
    }
    let outputs = zip(axes, positions).map { $0.outputCount(of: $1) }
    guard outputs.allSatisfy({ $0 > 0 }) else {
      let kernel = axes.map { "\($0.reach)" }.joined(separator: "×")
      let room = positions.map(String.init).joined(separator: "×")
      throw NetworkError(
        .mismatched, "the kernel reaches over \(kernel) elements and does not fit into \(room)")
    }
    let padded = zip(axes, positions).map { $1 + $0.paddingBefore + $0.paddingAfter }
    guard Self.isCountable([input.extents[0]] + padded), Self.isCountable(outputs + [cellCount])
    else {
      throw NetworkError(
        .mismatched,
        "a window over \(input) elements with so much padding, or so many cells, is beyond what can be computed; make "
          + "it smaller")
    }
    return outputs
  }

  private static func isCountable(_ factors: [Int]) -> Bool {
    var product = 1
    for factor in factors {
      let (next, overflow) = product.multipliedReportingOverflow(by: factor)
      guard !overflow, next <= largestCount else { return false }
      product = next
    }
    return true
  }

  /// Which input position each output position reads by each cell.
  ///
  /// - Parameter positions: The value's extents behind its channels.
  /// - Returns: For each output position and then each cell, both row-major, the input position, row-major; `nil` in the
  ///   padding.
  public func sources(over positions: [Int]) -> [[Int?]] {
    var table: [[Int?]] = [[0]]
    for (axis, count) in zip(axes, positions) {
      let outputs = axis.outputCount(of: count)
      table = table.flatMap { cells in
        (0..<outputs).map { output in
          cells.flatMap { before in
            (0..<axis.extent).map { cell in
              let position = axis.position(output, cell)
              guard let before, (0..<count).contains(position) else { return nil }
              return before * count + position
            }
          }
        }
      }
    }
    return table
  }
}
