/// The storage that a persistent identifier in a pickle refers to.
struct TorchStorage: Equatable {
  /// The key its bytes are filed under.
  let key: String
  let elementType: ElementType
  /// The number of elements filed under the key.
  let count: Int
  /// The part that this storage is of them; all but in the oldest files.
  let view: Range<Int>
}

/// A tensor as a pickle describes it.
struct TorchTensor: Equatable {
  let storage: TorchStorage
  let elementType: ElementType
  let offset: Int
  let shape: [Int]
  let strides: [Int]
  /// Whether the numbers are to be negated or conjugated when they are used.
  let isLazy: Bool
}
