extension Unpickler {
  /// What calling a global with some arguments yields: one of the few calls that rebuild plain data,
  /// or else an object of an unknown class.
  mutating func called(
    _ callee: PickleValue, _ arguments: PickleValue
  ) throws(TensorFileError) -> PickleValue {
    guard case .global(let module, let name) = callee else {
      if case .object = callee { return callee }
      throw malformed("calls \(callee.kind)")
    }
    let values = heap.tuple(arguments) ?? []
    switch (module, name) {
    case ("collections", "OrderedDict"): return try orderedDictionary(values)
    case ("collections", "defaultdict"): return .dictionary(heap.make())
    case ("torch", "Size"):
      if let size = values.first, heap.tuple(size) != nil { return size }
    case ("torch._utils", "_rebuild_tensor"), ("torch._utils", "_rebuild_tensor_v2"),
      ("torch._utils", "_rebuild_tensor_v3"):
      return try tensor(values, isTypeGiven: name.hasSuffix("v3"))
    case ("torch._utils", "_rebuild_sparse_tensor"), ("torch._utils", "_rebuild_sparse_csr_tensor"):
      return try sparseTensor(values)
    case ("torch.serialization", "_get_layout"):
      if case .string(let layout)? = values.first, layout.hasPrefix("torch.") {
        return .global(module: "torch", name: String(layout.dropFirst("torch.".count)))
      }
    case ("torch._utils", "_rebuild_qtensor"): return heap.make(.quantised)
    case ("torch._utils", "_rebuild_parameter"),
      ("torch._utils", "_rebuild_parameter_with_state"), ("torch.nn.parameter", "Parameter"),
      ("torch._utils", "_rebuild_device_tensor_from_numpy"):
      if let value = values.first, value.isTensor { return value }
    case ("torch._tensor", "_rebuild_from_type_v2"):
      // A tensor with attributes: the call that rebuilds it, its class, the arguments, the attributes.
      if values.count == 4, case .global("torch._utils", _) = values[0] {
        return try called(values[0], values[2])
      }
    default:
      if let value = try calledOfNumPy(module, name, values) { return value }
    }
    // What rebuilds a tensor in a way that is not known yields one that is told of.
    if module.hasPrefix("torch"), name.hasPrefix("_rebuild") {
      return heap.make(.rebuilt(by: "\(module).\(name)"))
    }
    return heap.makeObject(module: module, name: name)
  }

  /// An empty dictionary, or one of the pairs that Python 2 passes as a list.
  private mutating func orderedDictionary(
    _ arguments: [PickleValue]
  ) throws(TensorFileError) -> PickleValue {
    var items: [PickleValue] = []
    if case .list(let list)? = arguments.first {
      for pair in heap.containers[list] {
        switch pair {
        case .list(let index), .tuple(let index):
          let elements = heap.containers[index]
          guard elements.count == 2 else { fallthrough }
          items.append(contentsOf: elements)
        default: throw malformed("makes a dictionary of something other than pairs")
        }
      }
    }
    return .dictionary(heap.make(items))
  }

  private mutating func tensor(
    _ arguments: [PickleValue], isTypeGiven: Bool
  ) throws(TensorFileError) -> PickleValue {
    guard arguments.count >= 4, case .storage(let index) = arguments[0] else {
      if let first = arguments.first, case .object = first {
        return heap.make(.rebuilt(by: "torch._utils._rebuild_tensor"))
      }
      throw malformed("rebuilds a tensor from \(arguments.first?.kind ?? "nothing")")
    }
    guard case .integer(let offset) = arguments[1], offset >= 0,
      let shape = heap.naturals(arguments[2]), let strides = heap.naturals(arguments[3])
    else { throw malformed("rebuilds a tensor of an impossible shape, stride or offset") }
    let storage = heap.storages[index]
    var elementType = storage.elementType
    if isTypeGiven {
      guard arguments.count >= 7 else { throw malformed("rebuilds a tensor without its type") }
      guard let type = ElementType(torchType: arguments[6]) else {
        // A type of a later version: told of, but no reason to refuse the rest.
        return heap.make(.typed(arguments[6].kind))
      }
      elementType = type
    }
    var isLazy = false
    let metadata = isTypeGiven ? 7 : 6
    if arguments.count > metadata, case .dictionary(let index) = arguments[metadata] {
      let items = heap.containers[index]
      guard items.count <= 16 else { throw malformed("rebuilds a tensor with unknown metadata") }
      isLazy = items.contains(.bool(true))
    }
    return heap.make(
      TorchTensor(
        storage: storage, elementType: elementType, offset: offset, shape: shape,
        strides: strides, isLazy: isLazy))
  }

  /// A tensor that stores its nonzero elements only: its layout, and the tensors and the shape it is
  /// rebuilt from.
  private mutating func sparseTensor(
    _ arguments: [PickleValue]
  ) throws(TensorFileError) -> PickleValue {
    guard arguments.count >= 2, case .global("torch", let layout) = arguments[0],
      let parts = heap.tuple(arguments[1])
    else { return heap.make(.rebuilt(by: "torch._utils._rebuild_sparse_tensor")) }
    guard let sparseLayout = TorchSparseTensor.Layout(rawValue: layout) else {
      return heap.make(.laidOut("torch.\(layout)"))
    }
    let indexCount = sparseLayout.indexTensorCount
    var tensors: [TorchTensor] = []
    for case .tensor(let index) in parts.prefix(indexCount + 1) {
      tensors.append(heap.tensors[index])
    }
    guard tensors.count == indexCount + 1, parts.count > indexCount + 1,
      let shape = heap.naturals(parts[indexCount + 1])
    else { throw malformed("rebuilds a sparse tensor from something other than its parts") }
    return heap.make(
      TorchSparseTensor(
        layout: sparseLayout, indices: Array(tensors.dropLast()), values: tensors[indexCount],
        shape: shape))
  }

  /// What a persistent identifier stands for: a storage, or the class of a pickled module.
  ///
  /// A storage is `("storage", class, key, device, count)`, in the oldest files with a sixth element,
  /// None or `(key, offset, count)` for a part of it.
  mutating func persistentValue(
    _ identifier: PickleValue
  ) throws(TensorFileError) -> PickleValue {
    guard let parts = heap.tuple(identifier), let kind = parts.first else {
      throw malformed("refers to data outside by \(identifier.kind)")
    }
    if kind == .string("module"), parts.count == 4 { return parts[1] }
    guard kind == .string("storage"), parts.count == 5 || parts.count == 6,
      case .string(let key) = parts[2], case .integer(let count) = parts[4], count >= 0
    else { throw malformed("refers to a storage in an unknown way") }
    guard let elementType = ElementType(torchStorage: parts[1]) else {
      throw malformed("refers to a storage of the unknown class \(parts[1].kind)")
    }
    var view = 0..<count
    if parts.count == 6, parts[5] != .none {
      guard let part = heap.tuple(parts[5]), part.count == 3,
        case .integer(let start) = part[1], case .integer(let length) = part[2],
        start >= 0, length >= 0, start <= count, length <= count - start
      else { throw malformed("refers to a part outside of storage \"\(key)\"") }
      view = start..<start + length
    }
    return heap.make(
      TorchStorage(key: key, elementType: elementType, count: count, view: view))
  }
}

extension PickleValue {
  /// Whether this is a tensor, read or not, or an array that becomes one.
  fileprivate var isTensor: Bool {
    switch self {
    case .tensor, .sparseTensor, .unreadTensor, .array: true
    default: false
    }
  }
}
