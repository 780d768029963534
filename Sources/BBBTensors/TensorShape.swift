/// Overflow-checked arithmetic on the shapes that files declare.
package enum TensorShape {
  /// The most dimensions that NumPy and PyTorch allow.
  package static let dimensionLimit = 64

  /// The number of elements; nil if an extent is negative or the product does not fit.
  package static func elementCount(of shape: [Int]) -> Int? {
    var count = 1
    for extent in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      guard extent >= 0, !overflow else { return nil }
      count = product
    }
    return count
  }

  /// The strides of a row-major (C order) layout, in elements; nil if one does not fit.
  static func rowMajorStrides(of shape: [Int]) -> [Int]? {
    columnMajorStrides(of: shape.reversed()).map { $0.reversed() }
  }

  /// The strides of a column-major (Fortran order) layout, in elements; nil if one does not fit.
  static func columnMajorStrides(of shape: [Int]) -> [Int]? {
    var strides: [Int] = []
    var stride = 1
    for extent in shape {
      strides.append(stride)
      let (product, overflow) = stride.multipliedReportingOverflow(by: max(extent, 1))
      guard !overflow else { return nil }
      stride = product
    }
    return strides
  }

  /// The number of bytes that `count` elements of `bitCount` bits take; nil if it does not fit, or is
  /// not whole.
  package static func byteCount(of count: Int, bitCount: Int) -> Int? {
    let (bits, overflow) = count.multipliedReportingOverflow(by: bitCount)
    guard !overflow, bits.isMultiple(of: 8) else { return nil }
    return bits / 8
  }

  /// The index of the last element of a view in its storage; nil if it does not fit, or if the
  /// offset or a stride is negative.
  ///
  /// No extent may be zero.
  static func lastIndex(shape: [Int], strides: [Int], offset: Int) -> Int? {
    guard offset >= 0 else { return nil }
    var last = offset
    for (extent, stride) in zip(shape, strides) {
      guard stride >= 0 else { return nil }
      let (span, spanOverflow) = (extent - 1).multipliedReportingOverflow(by: stride)
      let (sum, sumOverflow) = last.addingReportingOverflow(span)
      guard !spanOverflow, !sumOverflow else { return nil }
      last = sum
    }
    return last
  }
}
