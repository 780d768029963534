import BBBTensors

/// Which parameters of a model each parameter group of an optimiser has.
///
/// The file says only how many a group has and how many elements they have together: tried are the
/// groups people make, of whole layers in any arrangement, and of weights and biases apart.
struct IVONGroupAssignment {
  /// The parameters of each group, in the model's order; nil if nothing fits.
  let chosen: [[Tensor]]?
  /// Whether something else fits too.
  let isGuess: Bool

  init(
    of parameters: [Tensor], to groups: [(elementCount: Int, parameterCount: Int)]
  ) {
    let weights = parameters.filter { $0.shape.count > 1 }
    let others = parameters.filter { $0.shape.count <= 1 }
    var layers: [[Tensor]] = []
    for parameter in parameters {
      let key = ParameterName.layerKey(of: parameter.name)
      if let last = layers.last?.last, ParameterName.layerKey(of: last.name) == key {
        layers[layers.count - 1].append(parameter)
      } else {
        layers.append([parameter])
      }
    }
    // With one group there is nothing to deal out: the vector follows the model.
    let units = groups.count == 1 ? [[parameters]] : [layers, [weights, others]]
    var assignments: [[[Tensor]]] = []
    var seen = Set<[[String]]>()
    for units in units {
      var search = Search(units: units.filter { !$0.isEmpty }, groups: groups)
      search.deal()
      for found in search.found where seen.insert(found.map { $0.map(\.name) }).inserted {
        assignments.append(found)
      }
    }
    chosen = assignments.first
    isGuess = assignments.count > 1
  }

  /// Deals units out to groups, the first unit to the first group first.
  private struct Search {
    let units: [[Tensor]]
    let groups: [(elementCount: Int, parameterCount: Int)]
    /// The first two ways.
    private(set) var found: [[[Tensor]]] = []
    private var dealt: [[Tensor]]
    private var missing: [Int]
    /// Ends a search that the sizes barely narrow down.
    private var stepCount = 0

    init(units: [[Tensor]], groups: [(elementCount: Int, parameterCount: Int)]) {
      self.units = units
      self.groups = groups
      dealt = groups.map { _ in [] }
      missing = groups.map(\.elementCount)
    }

    mutating func deal() {
      // The groups tried for each unit that is dealt out; kept here rather than in recursion, whose
      // depth a file would decide.
      var tried: [Int] = [-1]
      while let last = tried.last, found.count < 2, stepCount < 100_000 {
        stepCount += 1
        let index = tried.count - 1
        if last >= 0 { take(units[index], from: last) }
        let size = index < units.count ? units[index].elementCount : 0
        let next = missing.indices.first { $0 > last && missing[$0] >= size }
        guard index < units.count, let next else {
          if index == units.count { keep() }
          tried.removeLast()
          continue
        }
        dealt[next] += units[index]
        missing[next] -= size
        tried[index] = next
        tried.append(-1)
      }
    }

    private mutating func take(_ unit: [Tensor], from group: Int) {
      dealt[group].removeLast(unit.count)
      missing[group] += unit.elementCount
    }

    private mutating func keep() {
      let fits = zip(groups, dealt).allSatisfy { group, members in
        group.parameterCount == 0 || group.parameterCount == members.count
      }
      if fits, missing.allSatisfy({ $0 == 0 }) { found.append(dealt) }
    }
  }
}
