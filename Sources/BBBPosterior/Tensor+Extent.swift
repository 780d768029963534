import BBBTensors

extension Tensor {
  /// Whether no two elements lie in the same place, as all do in an expanded tensor.
  ///
  /// Then there are no more elements than the file has bytes, so that copying them is safe.
  var hasSeparateElements: Bool {
    let dimensions = zip(shape, strides).filter { $0.0 > 1 }.sorted { $0.1 < $1.1 }
    var needed = 1
    for (extent, stride) in dimensions {
      guard stride >= needed else { return false }
      let (span, overflow) = stride.multipliedReportingOverflow(by: extent)
      guard !overflow else { return false }
      needed = span
    }
    return true
  }
}

extension Sequence<Tensor> {
  /// The number of elements of all tensors together; the largest number there is if that is too many.
  var elementCount: Int {
    reduce(0) { sum, tensor in
      let (total, overflow) = sum.addingReportingOverflow(tensor.count)
      return overflow ? .max : total
    }
  }
}
