import BBBKernels
import CBBBKernels

/// How a matrix's weights are arranged for kernels: without their values, so that draws share it.
enum MatrixForm: Sendable {
  /// By row: for tiles, and for the lines of a convolution's single examples.
  case sliced(SlicedRows)
  /// By input: for single vectors.
  case grouped(GroupedColumns)
  /// With the zeros between them.
  case panels(DensePanels)

  /// Weights in the order of the form.
  ///
  /// - Parameter weights: In the order of the pattern's entries.
  /// - Returns: What kernels read.
  func arranged(_ weights: [Float]) -> AlignedBuffer<Float> {
    switch self {
    case .sliced(let rows): rows.arranged(weights)
    case .grouped(let columns): columns.arranged(weights)
    case .panels(let panels): panels.arranged(weights)
    }
  }
}

/// Where each number of a form comes from.
struct FormOrigins: Sendable {
  /// What stands where there is no weight.
  static let none = UInt32.max

  /// The entry of the pattern that each number is.
  private let origins: AlignedBuffer<UInt32>

  /// Numbers of which none is a weight yet.
  init(count: Int) { origins = AlignedBuffer(repeating: Self.none, count: count) }

  /// Says what a number is; called before the origins are shared.
  @inline(__always)
  func set(_ origin: UInt32, at place: Int) { origins.start[place] = origin }

  /// The weights at their places, 0 where there is none.
  func gather(_ weights: [Float]) -> AlignedBuffer<Float> {
    let gathered = AlignedBuffer(repeating: Float(0), count: origins.count)
    weights.withUnsafeBufferPointer { weights in
      for place in 0..<origins.count {
        let origin = Int(origins.start[place])
        if origin < weights.count { gathered.start[place] = weights[origin] }
      }
    }
    return gathered
  }
}
