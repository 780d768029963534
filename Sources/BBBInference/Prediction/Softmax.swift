import CBBBLibc

/// Replaces logits by probabilities: exp(z − max z), divided by their sum.
///
/// - Parameters:
///   - values: Outputs of one or more examples.
///   - range: The positions of one example's.
func softmax(_ values: inout MutableSpan<Float>, in range: Range<Int>) {
  var largest = -Float.infinity
  for index in range { largest = max(largest, values[index]) }
  var sum: Float = 0
  for index in range {
    values[index] = expf(values[index] - largest)
    sum += values[index]
  }
  for index in range { values[index] /= sum }
}
