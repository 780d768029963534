import BBBTensors

/// The order in which a flat vector holds a model's parameters, proven by their values.
///
/// laplace-torch's means are the parameters at the maximum of the posterior, one behind the other: whatever
/// the order of the model's file, each is found in the vector by its values. Parameters that are not in it,
/// as all but the last layer's by default, are certain.
struct ParameterOrder {
  /// The parameters of the vector, in its order.
  let listed: [Tensor]
  /// The others, in the file's order.
  let others: [Tensor]

  /// The most comparisons of a parameter with a part of the vector, beyond which nothing is proven.
  private static let stepLimit = 100_000

  /// Finds the parameters whose values make up the vector; nil if they do not.
  ///
  /// - Parameters:
  ///   - vector: The means.
  ///   - parameters: The model's, in the file's order, which is preferred where values leave a choice.
  /// - Throws: ``PosteriorError`` if values cannot be read.
  init?(of vector: Tensor, among parameters: [Tensor]) throws(PosteriorError) {
    let means: [Double]
    var values: [[Double]] = []
    do throws(TensorFileError) {
      means = try vector.loaded().doubles()
      for parameter in parameters { values.append(try parameter.loaded().doubles()) }
    } catch {
      throw PosteriorError(error)
    }
    let tolerances = parameters.map { Self.tolerance($0.elementType, vector.elementType) }
    func fits(_ index: Int, at start: Int) -> Bool {
      let candidate = values[index]
      guard !candidate.isEmpty, candidate.count <= means.count - start else { return false }
      return candidate.indices.allSatisfy { element in
        let (value, mean) = (candidate[element], means[start + element])
        return value == mean || abs(value - mean) <= tolerances[index] * abs(mean)
      }
    }
    // What was chosen so far, kept here rather than in recursion, whose depth a file would decide. Behind
    // each choice, the next in the file's order is tried first.
    var chosen: [Int] = []
    var isUsed = [Bool](repeating: false, count: parameters.count)
    var attempts = [0]
    var start = 0
    var stepCount = 0
    while start < means.count {
      let first = chosen.last.map { $0 + 1 } ?? 0
      var attempt = attempts[attempts.count - 1]
      var found: Int?
      while attempt < parameters.count, found == nil {
        let index = (first + attempt) % parameters.count
        attempt += 1
        stepCount += 1
        if !isUsed[index], fits(index, at: start) { found = index }
      }
      guard stepCount < Self.stepLimit else { return nil }
      attempts[attempts.count - 1] = attempt
      if let found {
        chosen.append(found)
        isUsed[found] = true
        start += values[found].count
        attempts.append(0)
      } else {
        attempts.removeLast()
        guard let last = chosen.popLast() else { return nil }
        isUsed[last] = false
        start -= values[last].count
      }
    }
    listed = chosen.map { parameters[$0] }
    others = parameters.indices.filter { !isUsed[$0] }.map { parameters[$0] }
  }

  /// By how much two numbers may differ, relatively, that were the same before one was rounded.
  private static func tolerance(_ first: ElementType, _ second: ElementType) -> Double {
    guard first != second else { return 0 }
    let types = [first, second]
    if types.contains(.bfloat16) { return 0x1p-8 }
    return types.contains(.float16) ? 0x1p-10 : 0x1p-23
  }
}
