/// A shape as people write it.
///
/// - Parameter shape: The extent of each dimension.
/// - Returns: Such as `64×784`; `scalar` if there are no dimensions.
package func shapeText(_ shape: [Int]) -> String {
  shape.isEmpty ? "scalar" : shape.map(String.init).joined(separator: "×")
}
