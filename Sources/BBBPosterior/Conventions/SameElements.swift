import BBBTensors

/// Whether two tensors have the same shape and, bit for bit, the same floating-point elements.
///
/// - Parameters:
///   - first: The one, of floating-point elements.
///   - second: The other.
/// - Returns: Whether they are equal; equal bits rather than equal numbers, so that a damaged copy is not
///   reported as different.
/// - Throws: ``PosteriorError`` if elements cannot be read.
func haveSameElements(_ first: Tensor, _ second: Tensor) throws(PosteriorError) -> Bool {
  guard first.shape == second.shape, second.elementType.isFloatingPoint else { return false }
  do throws(TensorFileError) {
    return try first.doubles().elementsEqual(second.doubles()) { $0.bitPattern == $1.bitPattern }
  } catch {
    throw PosteriorError(error)
  }
}
