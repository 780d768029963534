#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What a PyTorch checkpoint holds: the tensors and numbers in its dictionaries and lists, by path.
struct TorchContent {
  /// The name given to a tensor that is the whole checkpoint.
  static let tensorName = "tensor"
  /// The deepest nesting of dictionaries and lists followed.
  private static let depthLimit = 64
  /// What entries cost beside the bytes of their names; tensors and numbers are kept, which takes
  /// about as many bytes.
  private static let costs = (entry: 16, scalar: 48, tensor: 240)

  private(set) var tensors: [Tensor] = []
  private(set) var scalars: [String: Double] = [:]
  /// Tensors of kinds that are not read.
  private(set) var unreadTensors: [UnreadTensor] = []
  /// Objects of classes that are not known here.
  private(set) var objects: [String: PickledObject] = [:]
  private let heap: PickleHeap
  private let path: String
  /// What may still be spent on entries: a structure that is shared again and again can be
  /// exponentially larger than its pickle.
  private var budget: Int
  private var names: Set<String> = []
  private var claims = StorageClaims()
  private var firstObject: PickledObject?

  /// Finds the tensors and numbers under a value.
  ///
  /// - Parameters:
  ///   - value: The top-level value of the pickle.
  ///   - heap: What its indices refer to.
  ///   - pickleByteCount: The length of the pickle.
  ///   - path: The file.
  ///   - storage: The bytes of a storage.
  /// - Throws: ``TensorFileError`` if there is nothing to read, or a tensor is damaged.
  init(
    _ value: PickleValue, heap: PickleHeap, pickleByteCount: Int, path: String,
    storage: (TorchStorage) throws(TensorFileError) -> TensorStorage
  ) throws(TensorFileError) {
    self.heap = heap
    self.path = path
    budget = min(pickleByteCount, 1 << 21) * 128 + 1 << 16
    switch value {
    case .dictionary, .list, .tuple: try walk(value, name: "", depth: 0, storage: storage)
    case .tensor, .sparseTensor, .array, .unreadTensor:
      try walk(value, name: Self.tensorName, depth: 0, storage: storage)
    case .object(let index): throw wholeObject(object(heap.objects[index]).className)
    case .global: throw wholeObject(value.kind)
    default:
      throw TensorFileError(
        .unsupported, path: path,
        "the checkpoint holds \(value.kind) instead of a dictionary of tensors; "
          + Self.remedy)
    }
    try claims.check(path: path)
    if tensors.isEmpty, unreadTensors.isEmpty, let firstObject {
      throw wholeObject(firstObject.className)
    }
  }

  private static let remedy =
    "save the dictionary instead: torch.save(model.state_dict(), \"model.pt\")"

  private func wholeObject(_ className: String) -> TensorFileError {
    let remedy =
      if className.hasPrefix("laplace.") {
        "save its own dictionary and the model's: torch.save(la.state_dict(), \"posterior.pt\") and "
          + "torch.save(model.state_dict(), \"model.pt\"), which --model takes"
      } else if className.hasPrefix("posteriors.") {
        "save its trees: torch.save({\"params\": state.params, \"log_sd_diag\": state.log_sd_diag}, "
          + "\"posterior.pt\")"
      } else {
        Self.remedy
      }
    return TensorFileError(
      .unsupported, path: path,
      "the checkpoint is a whole pickled object of class \(className), which only running its code could "
        + "read; " + remedy)
  }

  private func malformed(_ what: String) -> TensorFileError {
    .damaged(path: path, what)
  }

  private mutating func walk(
    _ value: PickleValue, name: String, depth: Int,
    storage: (TorchStorage) throws(TensorFileError) -> TensorStorage
  ) throws(TensorFileError) {
    try spend(Self.costs.entry + name.utf8.count)
    switch value {
    case .bool(let bool): try add(bool ? 1 : 0, name: name)
    case .integer(let integer): try add(Double(integer), name: name)
    case .real(let real): try add(real, name: name)
    case .tensor(let index):
      try spend(Self.costs.tensor)
      try claim(name)
      tensors.append(try tensor(heap.tensors[index], name: name, storage: storage))
    case .sparseTensor(let index):
      try spend(Self.costs.tensor)
      try claim(name)
      try add(heap.sparseTensors[index], name: name, storage: storage)
    case .array(let index):
      try spend(Self.costs.tensor)
      try claim(name)
      if let tensor = try heap.arrays[index]?.tensor(name: name, path: path) {
        tensors.append(tensor)
      } else {
        unreadTensors.append(UnreadTensor(name: name, kind: .pythonObjects))
      }
    case .unreadTensor(let index):
      try spend(Self.costs.tensor)
      try claim(name)
      unreadTensors.append(UnreadTensor(name: name, kind: heap.unreadTensors[index]))
    case .object(let index):
      try spend(Self.costs.tensor)
      try claim(name)
      let object = object(heap.objects[index])
      try spend(object.numbers.keys.reduce(0) { $0 + Self.costs.scalar + $1.utf8.count })
      objects[name] = object
      firstObject = firstObject ?? object
    case .dictionary(let index), .list(let index), .tuple(let index):
      guard depth < Self.depthLimit else {
        throw malformed("the checkpoint's dictionaries are nested \(Self.depthLimit) deep or more")
      }
      let prefix = depth == 0 ? "" : name + "/"
      let elements = heap.containers[index]
      guard case .dictionary = value else {
        for (position, element) in elements.enumerated() {
          try walk(element, name: prefix + String(position), depth: depth + 1, storage: storage)
        }
        return
      }
      for position in stride(from: 0, to: elements.count, by: 2) {
        let component: String
        switch elements[position] {
        case .string(let key): component = key
        case .integer(let key): component = String(key)
        case .bytes(let key): component = String(decoding: key, as: UTF8.self)
        // A key of another kind names nothing.
        default: continue
        }
        try walk(
          elements[position + 1], name: prefix + component, depth: depth + 1, storage: storage)
      }
    case .none, .string, .bytes, .global, .storage, .arrayType: break
    }
  }

  private mutating func spend(_ cost: Int) throws(TensorFileError) {
    budget -= cost
    guard budget >= 0 else {
      throw malformed("the checkpoint's dictionaries hold more entries than its size allows")
    }
  }

  private mutating func claim(_ name: String) throws(TensorFileError) {
    guard names.insert(name).inserted else {
      throw malformed("two entries of the checkpoint are named \"\(name)\"")
    }
  }

  private mutating func add(_ scalar: Double, name: String) throws(TensorFileError) {
    try spend(Self.costs.scalar)
    try claim(name)
    scalars[name] = scalar
  }

  private mutating func tensor(
    _ tensor: TorchTensor, name: String,
    storage: (TorchStorage) throws(TensorFileError) -> TensorStorage
  ) throws(TensorFileError) -> Tensor {
    guard !tensor.isLazy else {
      throw TensorFileError(
        .unsupported, path: path,
        "tensor \"\(name)\" is a lazily negated or conjugated view; "
          + "call .resolve_neg().resolve_conj() on it before saving")
    }
    let view = try Tensor(
      name: name, elementType: tensor.elementType, shape: tensor.shape, strides: tensor.strides,
      offset: tensor.offset, storage: storage(tensor.storage))
    claims.add(view, of: tensor.storage)
    return view
  }

  /// Adds a sparse tensor, with all its elements.
  private mutating func add(
    _ sparse: TorchSparseTensor, name: String,
    storage: (TorchStorage) throws(TensorFileError) -> TensorStorage
  ) throws(TensorFileError) {
    var parts: [Tensor] = []
    for part in sparse.indices + [sparse.values] {
      parts.append(try tensor(part, name: name, storage: storage))
    }
    let tensor = try SparseTensor(
      name: name, layout: sparse.layout, indices: Array(parts.dropLast()),
      values: parts[parts.count - 1], shape: sparse.shape)
    guard tensor.isFloatingPoint else {
      unreadTensors.append(UnreadTensor(name: name, kind: .sparse(tensor.values.elementType)))
      return
    }
    claims.add(unfolding: tensor.unfoldedByteCount ?? .max)
    // Beyond memory it is refused with the claims, before anything is unfolded.
    guard let byteCount = tensor.unfoldedByteCount else { return }
    tensors.append(try tensor.unfolded(byteCount: byteCount))
  }

  /// The class of an object, and those of its attributes that are numbers.
  private func object(_ object: PickleObject) -> PickledObject {
    var numbers: [String: Double] = [:]
    if case .dictionary(let index)? = object.attributes {
      let elements = heap.containers[index]
      for position in stride(from: 0, to: elements.count - 1, by: 2) {
        guard case .string(let key) = elements[position] else { continue }
        switch elements[position + 1] {
        case .bool(let bool): numbers[key] = bool ? 1 : 0
        case .integer(let integer): numbers[key] = Double(integer)
        case .real(let real): numbers[key] = real
        default: break
        }
      }
    }
    return PickledObject(className: "\(object.module).\(object.name)", numbers: numbers)
  }
}
