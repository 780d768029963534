#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A value in a pickle, inert: nothing is ever created by the name of a class.
///
/// Containers are indices into a `PickleHeap`, so that shared and cyclic structures, however deep, are
/// plain arrays that cost nothing to release.
enum PickleValue: Equatable {
  case none
  case bool(Bool)
  case integer(Int)
  case real(Double)
  case string(String)
  case bytes(Data)
  case tuple(Int)
  case list(Int)
  case dictionary(Int)
  /// A class or function, by its module and name.
  case global(module: String, name: String)
  case storage(Int)
  case tensor(Int)
  case sparseTensor(Int)
  /// A tensor of a kind that is not read.
  case unreadTensor(Int)
  /// A NumPy array, whose elements `BUILD` gives.
  case array(Int)
  /// The type of a NumPy array's elements.
  case arrayType(Int)
  /// An object of a class that is not known here.
  case object(Int)

  /// What messages call a value of this kind.
  var kind: String {
    switch self {
    case .none: "None"
    case .bool: "a truth value"
    case .integer, .real: "a number"
    case .string: "a string"
    case .bytes: "bytes"
    case .tuple: "a tuple"
    case .list: "a list"
    case .dictionary: "a dictionary"
    case .global(let module, let name): "\(module).\(name)"
    case .storage: "a storage"
    case .tensor, .sparseTensor, .unreadTensor: "a tensor"
    case .array: "a NumPy array"
    case .arrayType: "a NumPy type"
    case .object: "an object of an unknown class"
    }
  }
}

/// An object of a class that is not known here: its class, and the attributes that the pickle gives it.
struct PickleObject: Equatable {
  let module: String
  let name: String
  /// A dictionary, as a rule; `nil` until `BUILD` gives it.
  var attributes: PickleValue?
}

/// The containers, storages, tensors and objects of a pickle.
struct PickleHeap {
  /// The number of values in all containers.
  private(set) var elementCount = 0
  /// The elements of tuples and lists, and the keys and values of dictionaries in turn.
  private(set) var containers: [[PickleValue]] = []
  private(set) var storages: [TorchStorage] = []
  private(set) var tensors: [TorchTensor] = []
  private(set) var sparseTensors: [TorchSparseTensor] = []
  private(set) var unreadTensors: [UnreadTensor.Kind] = []
  var arrays: [PickledArray?] = []
  var arrayTypes: [PickledArrayType] = []
  var objects: [PickleObject] = []

  /// Makes a container and returns its index.
  mutating func make(_ elements: [PickleValue] = []) -> Int {
    elementCount += elements.count
    containers.append(elements)
    return containers.count - 1
  }

  /// Makes a storage.
  mutating func make(_ storage: TorchStorage) -> PickleValue {
    storages.append(storage)
    return .storage(storages.count - 1)
  }

  /// Makes a tensor.
  mutating func make(_ tensor: TorchTensor) -> PickleValue {
    tensors.append(tensor)
    return .tensor(tensors.count - 1)
  }

  /// Makes a sparse tensor.
  mutating func make(_ tensor: TorchSparseTensor) -> PickleValue {
    sparseTensors.append(tensor)
    return .sparseTensor(sparseTensors.count - 1)
  }

  /// Makes a tensor of a kind that is not read.
  mutating func make(_ kind: UnreadTensor.Kind) -> PickleValue {
    unreadTensors.append(kind)
    return .unreadTensor(unreadTensors.count - 1)
  }

  /// Makes an object of a class that is not known here.
  mutating func makeObject(module: String, name: String) -> PickleValue {
    objects.append(PickleObject(module: module, name: name))
    return .object(objects.count - 1)
  }

  /// Appends to a container.
  mutating func append(_ elements: [PickleValue], to index: Int) {
    elementCount += elements.count
    containers[index].append(contentsOf: elements)
  }

  /// The elements of a tuple; nil if the value is none.
  func tuple(_ value: PickleValue) -> [PickleValue]? {
    if case .tuple(let index) = value { containers[index] } else { nil }
  }

  /// The elements of a tuple of natural numbers, a shape or strides; nil if the value is none.
  func naturals(_ value: PickleValue) -> [Int]? {
    guard let elements = tuple(value), elements.count <= TensorShape.dimensionLimit else {
      return nil
    }
    var naturals: [Int] = []
    naturals.reserveCapacity(elements.count)
    for case .integer(let integer) in elements where integer >= 0 { naturals.append(integer) }
    return naturals.count == elements.count ? naturals : nil
  }
}
