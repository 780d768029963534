import BBBNetwork
import CBBBKernels

/// Where the elements of a value stand, as numbers from the beginning of its memory: unit by unit, each a ``Plane``.
///
/// A *number* is one position of one unit, held in as many lanes as examples run at once. Units are channels, or single
/// elements where no window moves over the value. Where no kernel counts along axes they stand in the order of falling counts of the weights that read them: the
/// columns that a single vector visits then have almost always the length of the one before, so that the processor
/// foresees where each ends.
final class ValueLayout: Sendable {
  /// The numbers of one unit.
  let plane: Plane
  /// The place of each unit; `nil` for inputs of the network that nothing reads.
  let placeOfUnit: [Int?]
  /// The unit at each place.
  let units: [Int]
  /// How many numbers behind the last unit are zero: what weights that are none read.
  let zeroCount: Int
  private let padding: [Range<Int>]

  /// The numbers of all units.
  var count: Int { units.count * plane.count }
  /// The memory that a value takes: behind the units is room for the zeros, and for results that nobody reads.
  let extent: Int

  /// Creates a layout.
  ///
  /// - Parameters:
  ///   - plane: The numbers of one unit.
  ///   - unitCount: How many units there are.
  ///   - units: Those that have a place, in order.
  ///   - zeroCount: How many numbers behind the last unit are zero; at most a plane's.
  init(_ plane: Plane, unitCount: Int, units: [Int], zeroCount: Int) {
    self.plane = plane
    self.units = units
    self.zeroCount = zeroCount
    padding = plane.padding
    var places = [Int?](repeating: nil, count: unitCount)
    for (place, unit) in units.enumerated() { places[unit] = place }
    placeOfUnit = places
    // Sixteen numbers are a line of the cache.
    let end = units.count * plane.count + max(plane.count, Int(BBB_PANEL_OUTPUTS))
    extent = (end + 15) / 16 * 16
  }

  /// The number of each element, row-major; `nil` for what has no place.
  var numbers: [Int?] {
    let positions = plane.numbers
    return placeOfUnit.flatMap { place in
      positions.map { position in place.map { $0 * plane.count + position } }
    }
  }

  /// The numbers of some elements.
  ///
  /// - Parameter elements: Each counted row-major; `nil` for none.
  /// - Returns: Their numbers; `nil` for what is no element, or has no place.
  func numbers(of elements: [Int?]) -> [Int?] {
    let positions = plane.numbers
    return elements.map { element in
      guard let (unit, position) = element?.quotientAndRemainder(dividingBy: positions.count),
        let place = placeOfUnit[unit]
      else { return nil }
      return place * plane.count + positions[position]
    }
  }

  /// Makes zero what readers take for zero, after the units have been written.
  ///
  /// - Parameters:
  ///   - start: The value's memory.
  ///   - width: The lanes.
  func finish(_ start: UnsafeMutablePointer<Float>, width: Int) {
    for run in padding {
      for place in units.indices {
        (start + (place * plane.count + run.lowerBound) * width).update(
          repeating: 0, count: run.count * width)
      }
    }
    (start + count * width).update(repeating: 0, count: zeroCount * width)
  }
}
