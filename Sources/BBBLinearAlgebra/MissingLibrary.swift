/// The platform's BLAS is not there, or there is no room for it.
package struct MissingLibrary: Error {
  /// The library, why it cannot be used, and the remedy, as what follows "needs" in a message.
  package let clause: String
}
