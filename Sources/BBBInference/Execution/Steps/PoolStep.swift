import BBBKernels
import BBBNetwork
import CBBBKernels

/// The largest number or the mean of each window, channel by channel.
final class PoolStep: Sendable {
  let kind: Pool.Kind
  let input: Operand
  let output: Operand
  /// The place in the input of each of the output's channels.
  private let units: AlignedBuffer<UInt32>
  private let starts: AlignedBuffer<UInt32>
  private let inputs: AlignedBuffer<UInt32>
  private let outputs: AlignedBuffer<UInt32>
  /// By what each sum is divided.
  private let divisors: AlignedBuffer<Float>
  /// The squares of these, by which sums of variances are.
  private let squaredDivisors: AlignedBuffer<Float>

  init(_ pool: Pool, from input: Operand, to output: Operand) {
    kind = pool.kind
    self.input = input
    self.output = output
    units = AlignedBuffer(
      output.layout.units.map { UInt32(input.layout.placeOfUnit[$0] ?? 0) })
    let numbers = input.layout.plane.numbers
    let sources = pool.window.sources(over: input.layout.plane.positions)
    let cells = sources.map { cells in cells.compactMap { $0.map { UInt32(numbers[$0]) } } }
    starts = AlignedBuffer(CountingSort.starts(ofCounts: cells.map(\.count)))
    inputs = AlignedBuffer(Array(cells.joined()))
    outputs = AlignedBuffer(output.layout.plane.numbers.map(UInt32.init))
    let counts = zip(cells, sources).map { inside, all in
      pool.kind == .average(countsPadding: true) ? Float(all.count) : Float(inside.count)
    }
    divisors = AlignedBuffer(counts)
    squaredDivisors = AlignedBuffer(counts.map { $0 * $0 })
  }

  func run(_ arena: UnsafeMutablePointer<Float>, width: Int, _ set: InstructionSet) {
    apply(arena, divisors, width: width, set)
  }

  /// The variances of means of independent numbers: Σ v/n².
  func averageVariances(
    _ arena: UnsafeMutablePointer<Float>, width: Int, _ set: InstructionSet
  ) {
    apply(arena, squaredDivisors, width: width, set)
  }

  private func apply(
    _ arena: UnsafeMutablePointer<Float>, _ divisors: AlignedBuffer<Float>, width: Int,
    _ set: InstructionSet
  ) {
    // SAFETY: every number lies in its value's memory, as the layouts were made; the buffers outlive the call, since `self`
    // does.
    withExtendedLifetime(self) {
      var pool = bbb_pool(
        unit_count: units.count, units: units.start, place_count: outputs.count,
        starts: starts.start, inputs: inputs.start, outputs: outputs.start,
        input_stride: input.layout.plane.count,
        output_stride: output.layout.plane.count)
      let (source, target) = (input.start(arena, width: width), output.start(arena, width: width))
      switch kind {
      case .max: bbb_max_pool(set.kernelValue, &pool, width, source, target)
      case .average:
        bbb_average_pool(set.kernelValue, &pool, divisors.start, width, source, target)
      }
    }
    output.finish(arena, width: width)
  }

  /// Calls for each channel and window: the number of the result, and of each cell, in the arena.
  func forEachWindow(
    _ body: (_ result: Int, _ cells: UnsafeBufferPointer<UInt32>, _ base: Int) -> Void
  ) {
    for unit in 0..<units.count {
      let base = input.offset + Int(units.start[unit]) * input.layout.plane.count
      for place in 0..<outputs.count {
        let (first, end) = (Int(starts.start[place]), Int(starts.start[place + 1]))
        body(
          output.offset + unit * output.layout.plane.count + Int(outputs.start[place]),
          UnsafeBufferPointer(start: inputs.start + first, count: end - first), base)
      }
    }
  }
}
