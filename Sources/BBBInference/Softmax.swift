#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Replaces logits by probabilities: exp(z − max z), divided by their sum.
///
/// - Parameter logits: One example's outputs.
func softmax(_ logits: inout ArraySlice<Float>) {
  guard let largest = logits.max() else { return }
  var sum: Float = 0
  for index in logits.indices {
    logits[index] = expf(logits[index] - largest)
    sum += logits[index]
  }
  for index in logits.indices { logits[index] /= sum }
}
