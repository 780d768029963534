/// Ends the process with a reason where a caller broke a precondition, in release builds too, which
/// `precondition` ends without a word.
func require(_ condition: Bool, _ reason: @autoclosure () -> String) {
  guard condition else { fatalError(reason()) }
}
