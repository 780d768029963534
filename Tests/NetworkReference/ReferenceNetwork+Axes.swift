import BBBNetwork
import Foundation

/// What is computed along axes: by the indices of each element, so that nothing is shared with the program's distances.
extension ReferenceNetwork {
  static func transposed(
    _ transpose: Transpose, _ input: [Double], _ shape: Shape, _ output: Shape
  ) -> [Double] {
    tuples(output.extents).map { place in
      var source = place
      for (axis, position) in zip(transpose.order, place) { source[axis] = position }
      return input[index(of: source, in: shape)]
    }
  }

  /// What a function makes of each line: the elements whose indices differ along some axes only.
  static func alongLines(
    _ input: [Double], _ shape: Shape, _ axes: [Int], _ function: ([Double]) -> [Double]
  ) -> [Double] {
    var lines: [[Int]: [Int]] = [:]
    for (element, place) in tuples(shape.extents).enumerated() {
      let line = place.indices.filter { !axes.contains($0) }.map { place[$0] }
      lines[line, default: []].append(element)
    }
    var result = input
    for elements in lines.values {
      for (element, value) in zip(elements, function(elements.map { input[$0] })) {
        result[element] = value
      }
    }
    return result
  }

  /// eˣ over the sum of eˣ.
  public static func softmax(_ line: [Double]) -> [Double] {
    let largest = line.max() ?? 0
    let powers = line.map { exp($0 - largest) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }

  static func normalised(_ line: [Double], _ epsilon: Double) -> [Double] {
    let count = Double(line.count)
    let mean = line.reduce(0, +) / count
    let variance = line.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    return line.map { ($0 - mean) / (variance + epsilon).squareRoot() }
  }

  static func multiplied(
    _ product: Product, _ inputs: [[Double]], _ shapes: [Shape], _ output: Shape
  ) -> [Double] {
    let rank = output.extents.count
    let innerCount = shapes[0].extents[product.transposesFirst ? rank - 2 : rank - 1]
    return tuples(output.extents).map { place in
      let (row, column) = (place[rank - 2], place[rank - 1])
      let matrix = Array(place.dropLast(2))
      return (0..<innerCount).reduce(0) { sum, inner in
        let first = matrix + (product.transposesFirst ? [inner, row] : [row, inner])
        let second = matrix + (product.transposesSecond ? [column, inner] : [inner, column])
        return sum + inputs[0][index(of: first, in: shapes[0])]
          * inputs[1][index(of: second, in: shapes[1])]
      }
    }
  }

  private static func index(of place: [Int], in shape: Shape) -> Int {
    zip(place, shape.extents).reduce(0) { $0 * $1.1 + $1.0 }
  }
}
