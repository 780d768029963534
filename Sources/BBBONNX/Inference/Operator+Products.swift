/// Products of matrices.
extension Operator {
  static let products: [String: Operator] = [
    "Gemm": Operator(
      inputs: 2...3, attributes: ["alpha", "beta", "transA", "transB"],
      OperatorCall.affineProduct),
    "MatMul": Operator(inputs: 2...2, OperatorCall.matrixProduct),
    "Einsum": Operator(
      inputs: 1...16, attributes: ["equation"], since: 12, OperatorCall.indexedSum),
    "Attention": Operator(
      inputs: 3...6, outputs: 1...3,
      attributes: [
        "is_causal", "kv_num_heads", "q_num_heads", "scale", "softcap", "softmax_precision",
      ],
      since: 23, OperatorCall.attention),
  ]
}

extension OperatorCall {
  /// α·A·B + β·C of matrices.
  fileprivate func affineProduct() throws(ONNXError) -> [ONNXValue] {
    var left = try input(0, rank: 2...2).shape
    var right = try input(1, rank: 2...2).shape
    if try attributes.flag("transA") { left.reverse() }
    if try attributes.flag("transB") { right.reverse() }
    try checkContraction(left[1], right[0], in: [left, right])
    let shape = [left[0], right[1]]
    if let bias = optionalInput(2) {
      guard try broadcast([shape, bias.shape]) == shape else {
        throw malformed("has a bias of shape \(bias.shape.text) for a product of \(shape.text)")
      }
    }
    return [ONNXValue(try commonType(of: inputs.indices), shape)]
  }

  /// A product of matrices, or of many at a time, as NumPy defines it.
  fileprivate func matrixProduct() throws(ONNXError) -> [ONNXValue] {
    let left = try input(0, rank: 1...8).shape
    let right = try input(1, rank: 1...8).shape
    let one = left.count == 1 ? [.number(1)] + left : left
    let other = right.count == 1 ? right + [.number(1)] : right
    try checkContraction(one[one.count - 1], other[other.count - 2], in: [left, right])
    var shape = try broadcast([one.dropLast(2) + [], other.dropLast(2) + []])
    if left.count > 1 { shape.append(one[one.count - 2]) }
    if right.count > 1 { shape.append(other[other.count - 1]) }
    return [ONNXValue(try commonType(of: [0, 1]), shape)]
  }

  /// Checks that two axes can be summed over: they are as long, and count no examples.
  func checkContraction(
    _ one: ONNXExtent, _ other: ONNXExtent, in shapes: [[ONNXExtent]]
  ) throws(ONNXError) {
    try checkEqual(one, other, in: shapes)
    guard !one.isBatch else { throw mixesExamples() }
  }

  /// Attention of queries (batch, heads, length, size), or (batch, length, heads · size).
  fileprivate func attention() throws(ONNXError) -> [ONNXValue] {
    let type = try commonType(of: 0...2)
    let heads = try attributes.integer("q_num_heads", default: 0)
    let groups = try attributes.integer("kv_num_heads", default: 0)
    let query = try headed(0, heads: heads)
    let key = try withPast(4, try headed(1, heads: groups))
    let value = try withPast(5, try headed(2, heads: groups))
    let shapes = [query, key, value]
    for (one, other) in [
      (query[3], key[3]), (key[2], value[2]), (key[1], value[1]), (query[0], key[0]),
      (key[0], value[0]),
    ] {
      try checkEqual(one, other, in: shapes)
    }
    guard let queryHeads = query[1].number, let keyHeads = key[1].number, keyHeads > 0,
      queryHeads % keyHeads == 0, let valueSize = value[3].number, !query[2].isBatch,
      !key[2].isBatch, !query[3].isBatch
    else { throw malformed("has \(query[1]) heads of queries for \(key[1]) of keys") }
    if let mask = optionalInput(3) {
      let scores = [query[0], query[1], query[2], key[2]]
      guard try broadcast([mask.shape, scores]) == scores else {
        throw malformed("has a mask of shape \(mask.shape.text) for scores of \(scores.text)")
      }
    }
    let present = [ONNXValue(type, key), ONNXValue(type, value)]
    guard try input(0).shape.count == 3 else {
      return [ONNXValue(type, [query[0], query[1], query[2], value[3]])] + present
    }
    let (size, overflow) = queryHeads.multipliedReportingOverflow(by: valueSize)
    guard !overflow else { throw malformed("has too many heads") }
    return [ONNXValue(type, [query[0], query[2], .number(size)])] + present
  }

  /// The shape of keys or values, those of earlier steps before them: (batch, heads, length, size).
  private func withPast(_ index: Int, _ shape: [ONNXExtent]) throws(ONNXError) -> [ONNXExtent] {
    guard (optionalInput(4) == nil) == (optionalInput(5) == nil) else {
      throw malformed("has keys of earlier steps without values, or values without keys")
    }
    guard let past = optionalInput(index) else { return shape }
    var joined = shape
    guard past.shape.count == 4, let one = past.shape[2].number, let other = shape[2].number else {
      throw malformed("has keys or values of earlier steps of shape \(past.shape.text)")
    }
    joined[2] = past.shape[2]
    for (own, earlier) in zip(joined, past.shape) {
      try checkEqual(own, earlier, in: [shape, past.shape])
    }
    joined[2] = .number(one + other)
    return joined
  }

  /// The shape of an input with its heads as an axis: (batch, heads, length, size).
  private func headed(_ index: Int, heads: Int) throws(ONNXError) -> [ONNXExtent] {
    let shape = try input(index, rank: 3...4).shape
    guard shape.count == 3 else { return shape }
    guard heads > 0, let size = shape[2].number, size % heads == 0 else {
      throw malformed("cannot share out \(shape[2]) among \(heads) heads")
    }
    return [shape[0], .number(heads), shape[1], .number(size / heads)]
  }
}
