/// How a graph sees the elements of a network's value.
///
/// The elements are counted by *atoms*: axes, the outermost first, along which the network's value holds them. Each axis of the
/// graph's value is some of them, outermost first, and the examples, of which a network's value has none. So axes can change their
/// order, and be split and joined, at no cost until someone reads the elements in another order than they are held in.
struct ValueView: Equatable {
  /// What an axis of a graph's value counts.
  enum Factor: Hashable {
    case atom(Int)
    /// The examples.
    case batch
  }

  /// The extents of the atoms, none of them 1.
  private(set) var atoms: [Int] = []
  /// For each axis of the graph's value, what it counts, the outermost first.
  private(set) var axes: [[Factor]] = []

  /// A view without axes: of a single number.
  init() {}

  /// The elements in the order in which the graph has them.
  ///
  /// - Parameter shape: The graph's; the number of examples is along one axis, alone.
  init(_ shape: [ONNXExtent]) {
    for extent in shape {
      append(extent.number.map { [newAtom($0)].compactMap(\.self) } ?? [.batch])
    }
  }

  /// The elements in an order of their own.
  ///
  /// - Parameters:
  ///   - atoms: The extents of the atoms, as they are held.
  ///   - axes: What each axis counts.
  init(held atoms: [Int], axes: [[Factor]]) {
    self.atoms = atoms
    self.axes = axes
  }

  /// Elements held axis by axis, as another view's axes are, with other extents.
  ///
  /// - Parameters:
  ///   - held: The axes in the order in which they are held, none with the examples; the others have one element, or the examples.
  ///   - other: The view whose axes they are.
  ///   - extent: The extent of each of the axes that are held, by its place among them.
  init(holding held: [Int], of other: ValueView, _ extent: (_ place: Int) -> Int) {
    axes = other.axes.map { $0.filter { $0 == .batch } }
    for (place, axis) in held.enumerated() {
      let atom = [newAtom(extent(place))].compactMap(\.self)
      axes[axis] = other.axes[axis].first == .batch ? axes[axis] + atom : atom + axes[axis]
    }
  }

  // MARK: Making one

  /// A new innermost atom; `nil` of a single element, which needs none.
  mutating func newAtom(_ extent: Int) -> Factor? {
    guard extent != 1 else { return nil }
    atoms.append(extent)
    return .atom(atoms.count - 1)
  }

  /// Adds an axis behind the others.
  mutating func append(_ axis: [Factor]) { axes.append(axis) }

  // MARK: Reading it

  /// The atoms of an axis.
  func atoms(of axis: Int) -> [Int] {
    axes[axis].compactMap { if case .atom(let number) = $0 { number } else { nil } }
  }

  /// The elements of one example along an axis.
  func extent(of axis: Int) -> Int { extent(of: atoms(of: axis)) }

  /// The product of the extents of some atoms.
  func extent(of numbers: [Int]) -> Int { numbers.reduce(1) { $0 * atoms[$1] } }

  /// The graph's shape.
  var shape: [ONNXExtent] {
    axes.indices.map { axis in
      countsExamples(axis) ? .batches(extent(of: axis)) : .number(extent(of: axis))
    }
  }

  /// Whether the examples are along the first axis, alone, as networks have them; or nowhere, and the first axis has one place.
  var hasBatchFirst: Bool {
    (axes.first == [.batch] || axes.first == []) && !axes.dropFirst().joined().contains(.batch)
  }

  /// The axis that counts the examples; `nil` if there is none.
  var batchAxis: Int? { axes.indices.first(where: countsExamples) }

  /// Whether an axis counts the examples, among others perhaps.
  func countsExamples(_ axis: Int) -> Bool { axes[axis].contains(.batch) }

  /// Whether the examples are at one end of each axis that counts them.
  var hasBatchAtEnds: Bool {
    axes.allSatisfy { axis in
      !axis.contains(.batch) || axis.first == .batch || axis.last == .batch
    }
  }

  /// Whether an axis counts the examples, and nothing else.
  func isBatchAlone(_ axis: Int) -> Bool { axes[axis] == [.batch] }

  /// The axes in the order in which the elements are held, where each axis is held in one piece; else in the graph's order.
  ///
  /// Axes of one element, and of the examples alone, are left out.
  var heldAxes: [Int] {
    let held = axes.indices.filter { !atoms(of: $0).isEmpty }
    let sorted = held.sorted { atoms(of: $0)[0] < atoms(of: $1)[0] }
    return sorted.flatMap(atoms(of:)) == Array(atoms.indices) ? sorted : held
  }

  // MARK: Other views of the same elements

  /// The axes in another order.
  func transposed(_ order: [Int]) -> ValueView {
    var view = self
    view.axes = order.map { axes[$0] }
    return view
  }

  /// The view of some of the atoms, held in their order; axes of others are left with one element.
  func keeping(_ kept: [Int]) -> ValueView {
    ValueView(
      held: kept.map { atoms[$0] },
      axes: axes.map { axis in
        axis.compactMap { factor in
          guard case .atom(let number) = factor else { return .batch }
          return kept.firstIndex(of: number).map(Factor.atom)
        }
      })
  }

  /// The view without an axis of one element.
  func leavingOut(_ axis: Int) -> ValueView {
    var view = self
    view.axes.remove(at: axis)
    return view
  }

  /// The axes split and joined as another shape of as many elements says.
  ///
  /// - Parameter shape: The shape.
  /// - Returns: The view; `nil` if an axis would begin or end within one that the network holds otherwise.
  func reshaped(to shape: [ONNXExtent]) -> ValueView? {
    var rest = axes.joined().map { factor in
      if case .atom(let number) = factor {
        Part(atom: number, extent: atoms[number])
      } else {
        Part()
      }
    }[...]
    var parts: [[Part]] = []
    for extent in shape {
      var needed = extent.multiple
      var needsBatch = extent.isBatch
      var axis: [Part] = []
      while needed > 1 || needsBatch {
        guard var part = rest.popFirst() else { return nil }
        if part.atom == nil {
          guard needsBatch else { return nil }
          needsBatch = false
        } else if needed.isMultiple(of: part.extent) {
          needed /= part.extent
        } else if needed > 1, part.extent.isMultiple(of: needed) {
          // The inner part is left for the next axis.
          var inner = part
          inner.extent /= needed
          inner.number += 1
          rest.insert(inner, at: rest.startIndex)
          part.extent = needed
          needed = 1
        } else {
          return nil
        }
        axis.append(part)
      }
      parts.append(axis)
    }
    guard rest.isEmpty else { return nil }
    let held = parts.joined().filter { $0.atom != nil }
      .sorted { ($0.atom ?? 0, $0.number) < ($1.atom ?? 0, $1.number) }
    var view = ValueView()
    view.atoms = held.map(\.extent)
    view.axes = parts.map { axis in
      axis.map { part in held.firstIndex(of: part).map(Factor.atom) ?? .batch }
    }
    return view
  }

  /// An atom, or a part of one that several axes share.
  private struct Part: Equatable {
    /// The atom; `nil` for the examples.
    var atom: Int?
    /// How many parts of the atom are further out.
    var number = 0
    var extent = 1
  }

  /// The view once the elements are held in another order.
  ///
  /// - Parameter order: All atoms, in their new order.
  /// - Returns: The view.
  func holding(_ order: [Int]) -> ValueView {
    var view = self
    view.atoms = order.map { atoms[$0] }
    var numbers = order
    for (new, old) in order.enumerated() { numbers[old] = new }
    view.axes = axes.map { axis in
      axis.map { if case .atom(let old) = $0 { .atom(numbers[old]) } else { .batch } }
    }
    return view
  }

  /// The view in which atoms are one that are held one behind the other, in one axis.
  var joined: ValueView {
    var view = ValueView()
    // Whether an atom goes on with the one before it.
    var continues = [Bool](repeating: false, count: atoms.count)
    for axis in axes {
      for (one, other) in zip(axis, axis.dropFirst()) {
        if case .atom(let number) = one, other == .atom(number + 1) { continues[number + 1] = true }
      }
    }
    var numbers: [Int] = []
    for (number, extent) in atoms.enumerated() {
      if continues[number] {
        view.atoms[view.atoms.count - 1] *= extent
      } else {
        view.atoms.append(extent)
      }
      numbers.append(view.atoms.count - 1)
    }
    view.axes = axes.map { axis in
      axis.compactMap { factor in
        guard case .atom(let number) = factor else { return .batch }
        return continues[number] ? nil : .atom(numbers[number])
      }
    }
    return view
  }
}

extension ONNXExtent {
  /// The number, or how many times the number of examples.
  fileprivate var multiple: Int {
    switch self {
    case .number(let number): number
    case .batches(let multiple): multiple
    }
  }
}
