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

/// A sparse tensor as a pickle describes it.
struct TorchSparseTensor: Equatable {
  /// The ways of saying where the values are that are read, as the module `torch` names them.
  enum Layout: String {
    /// Coordinates: one column of indices for each value.
    case coordinates = "sparse_coo"
    /// For each row where its values begin, and for each value its column.
    case compressedRows = "sparse_csr"
    /// For each column where its values begin, and for each value its row.
    case compressedColumns = "sparse_csc"

    /// How many tensors of indices stand before the values.
    var indexTensorCount: Int { self == .coordinates ? 1 : 2 }
  }

  let layout: Layout
  let indices: [TorchTensor]
  let values: TorchTensor
  let shape: [Int]
}
