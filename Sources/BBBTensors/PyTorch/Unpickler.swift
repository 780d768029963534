#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Reads a pickle into inert values; it can run nothing.
///
/// Dictionaries, lists and tensors are rebuilt; an object of any other class becomes an opaque value
/// that can be carried about but not used.
struct Unpickler {
  /// The most values on the stack or in the memo; real checkpoints need thousands.
  private static let valueLimit = 1_000_000
  /// The most values in all containers.
  private static let elementLimit = 4_000_000

  var heap = PickleHeap()
  var stack: [PickleValue] = []
  private(set) var cursor: ByteCursor
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]

  /// Reads the pickle at a cursor.
  ///
  /// - Parameter cursor: At the first byte; afterwards behind the last.
  /// - Returns: The value, and what its indices refer to.
  /// - Throws: ``TensorFileError`` if the pickle is damaged or uses unknown instructions.
  static func read(
    _ cursor: inout ByteCursor
  ) throws(TensorFileError) -> (value: PickleValue, heap: PickleHeap) {
    var unpickler = Unpickler(cursor: cursor)
    let value = try unpickler.run()
    cursor = unpickler.cursor
    return (value, unpickler.heap)
  }

  private init(cursor: ByteCursor) {
    self.cursor = cursor
  }

  private mutating func run() throws(TensorFileError) -> PickleValue {
    while true {
      let code = try cursor.byte()
      guard let opcode = PickleOpcode(rawValue: code) else {
        throw malformed("has the unknown instruction 0x" + String(code, radix: 16))
      }
      if opcode == .stop {
        let value = try pop()
        guard stack.isEmpty, marks.isEmpty else { throw malformed("ends with values left over") }
        return value
      }
      try execute(opcode)
      guard stack.count <= Self.valueLimit, marks.count <= Self.valueLimit,
        memo.count <= Self.valueLimit
      else { throw malformed("holds more than \(Self.valueLimit) values at once") }
      guard heap.elementCount <= Self.elementLimit, heap.containers.count <= Self.elementLimit
      else { throw malformed("holds more than \(Self.elementLimit) values in all") }
    }
  }

  private mutating func execute(_ opcode: PickleOpcode) throws(TensorFileError) {
    switch opcode {
    case .none: stack.append(.none)
    case .newTrue: stack.append(.bool(true))
    case .newFalse: stack.append(.bool(false))
    case .binInt: stack.append(.integer(Int(try cursor.integer(Int32.self))))
    case .binInt1: stack.append(.integer(Int(try cursor.byte())))
    case .binInt2: stack.append(.integer(Int(try cursor.integer(UInt16.self))))
    case .long1: stack.append(Self.long(try cursor.bytes(try cursor.byte())))
    case .long4: stack.append(Self.long(try cursor.bytes(try cursor.integer(Int32.self))))
    case .binFloat:
      stack.append(.real(Double(bitPattern: try cursor.integer(UInt64.self).byteSwapped)))

    case .binUnicode, .binString: try pushString(try cursor.integer(UInt32.self))
    case .shortBinUnicode, .shortBinString: try pushString(try cursor.byte())
    case .binUnicode8: try pushString(try cursor.integer(UInt64.self))
    case .binBytes: try pushBytes(try cursor.integer(UInt32.self))
    case .shortBinBytes: try pushBytes(try cursor.byte())
    case .binBytes8, .byteArray8: try pushBytes(try cursor.integer(UInt64.self))

    case .emptyTuple: stack.append(.tuple(heap.make()))
    case .tuple: try pushTuple(try popToMark())
    case .tuple1: try pushTuple(try pop(1))
    case .tuple2: try pushTuple(try pop(2))
    case .tuple3: try pushTuple(try pop(3))
    case .emptyList: stack.append(.list(heap.make()))
    case .append: try append(try pop(1))
    case .appends: try append(try popToMark())
    case .emptyDictionary: stack.append(.dictionary(heap.make()))
    case .setItem: try setItems(try pop(2))
    case .setItems: try setItems(try popToMark())
    case .emptySet: stack.append(heap.makeObject(module: "builtins", name: "set"))
    case .addItems:
      _ = try popToMark()
      try requireObject(try top(), for: "a set")
    case .frozenSet:
      _ = try popToMark()
      stack.append(heap.makeObject(module: "builtins", name: "frozenset"))

    case .mark: marks.append(stack.count)
    case .pop: _ = try pop()
    case .popMark: _ = try popToMark()
    case .binPut: memo[Int(try cursor.byte())] = try top()
    case .longBinPut: memo[Int(try cursor.integer(UInt32.self))] = try top()
    case .memoize: memo[memo.count] = try top()
    case .binGet: try recall(Int(try cursor.byte()))
    case .longBinGet: try recall(Int(try cursor.integer(UInt32.self)))

    case .proto:
      let version = try cursor.byte()
      guard (2...5).contains(version) else { throw malformed("is of protocol \(version)") }
    case .frame:
      let length = try cursor.integer(UInt64.self)
      guard length <= UInt64(cursor.remaining) else {
        throw malformed("has a frame of \(length) bytes, longer than the rest")
      }
    case .stop: break

    case .global:
      let module = String(decoding: try cursor.line(), as: UTF8.self)
      let name = String(decoding: try cursor.line(), as: UTF8.self)
      stack.append(.global(module: module, name: name))
    case .stackGlobal:
      let names = try pop(2)
      guard case .string(let module) = names[0], case .string(let name) = names[1] else {
        throw malformed("names a class by something other than strings")
      }
      stack.append(.global(module: module, name: name))
    case .binPersistentID: stack.append(try persistentValue(try pop()))
    case .reduce, .newObject:
      let arguments = try pop()
      stack.append(try called(try pop(), arguments))
    case .newObjectWithKeywords:
      _ = try pop(2)
      stack.append(try called(try pop(), .none))
    case .build:
      let state = try pop()
      try build(try top(), from: state)
    }
  }

  /// An integer in as many bytes as it needs, least significant first; rounded if it needs over eight.
  private static func long(_ bytes: Data) -> PickleValue {
    let isNegative = bytes.last.map { $0 >= 0x80 } ?? false
    if bytes.count <= 8 {
      var bits: UInt64 = isNegative ? .max : 0
      for byte in bytes.reversed() { bits = bits << 8 | UInt64(byte) }
      return .integer(Int(Int64(bitPattern: bits)))
    }
    var value = isNegative ? -1.0 : 0.0
    for byte in bytes.reversed() { value = value * 256 + Double(byte) }
    return .real(value)
  }

  private mutating func pushString(_ count: some BinaryInteger) throws(TensorFileError) {
    stack.append(.string(String(decoding: try cursor.bytes(count), as: UTF8.self)))
  }

  private mutating func pushBytes(_ count: some BinaryInteger) throws(TensorFileError) {
    stack.append(.bytes(try cursor.bytes(count)))
  }

  private mutating func pushTuple(
    _ elements: [PickleValue]
  ) throws(TensorFileError) {
    stack.append(.tuple(heap.make(elements)))
  }

  private mutating func recall(_ index: Int) throws(TensorFileError) {
    guard let value = memo[index] else { throw malformed("recalls a value it never kept") }
    stack.append(value)
  }

  private mutating func append(_ elements: [PickleValue]) throws(TensorFileError) {
    let target = try top()
    if case .list(let index) = target {
      heap.append(elements, to: index)
    } else {
      try requireObject(target, for: "a list")
    }
  }

  private mutating func setItems(_ items: [PickleValue]) throws(TensorFileError) {
    guard items.count.isMultiple(of: 2) else { throw malformed("sets a key without a value") }
    let target = try top()
    if case .dictionary(let index) = target {
      heap.append(items, to: index)
    } else {
      try requireObject(target, for: "a dictionary")
    }
  }

  /// Lets objects of unknown classes take elements, which are forgotten.
  private func requireObject(_ value: PickleValue, for use: String) throws(TensorFileError) {
    guard case .object = value else { throw malformed("uses \(value.kind) as \(use)") }
  }

  /// Gives a value the state that belongs to it.
  private mutating func build(
    _ value: PickleValue, from state: PickleValue
  ) throws(TensorFileError) {
    switch value {
    case .array(let index): try buildArray(index, from: state)
    case .arrayType(let index): try buildArrayType(index, from: state)
    case .object(let index): heap.objects[index].attributes = state
    case .dictionary, .unreadTensor: break
    default: throw malformed("sets attributes of \(value.kind)")
    }
  }
}

extension Unpickler {
  private func top() throws(TensorFileError) -> PickleValue {
    guard let value = stack.last, stack.count > marks.last ?? 0 else {
      throw malformed("uses a value that is not there")
    }
    return value
  }

  private mutating func pop() throws(TensorFileError) -> PickleValue {
    let value = try top()
    stack.removeLast()
    return value
  }

  private mutating func pop(_ count: Int) throws(TensorFileError) -> [PickleValue] {
    guard stack.count - (marks.last ?? 0) >= count else {
      throw malformed("uses a value that is not there")
    }
    // An array of its own: a slice would share the stack and make its next change copy all of it.
    let values = Array(stack.suffix(count))
    stack.removeLast(count)
    return values
  }

  private mutating func popToMark() throws(TensorFileError) -> [PickleValue] {
    guard let mark = marks.popLast() else { throw malformed("lacks a mark") }
    let values = Array(stack[mark...])
    stack.removeSubrange(mark...)
    return values
  }

  /// The error that the pickle breaks a rule.
  func malformed(_ what: String) -> TensorFileError {
    .damaged(path: cursor.path, "\(cursor.place) \(what) (at byte \(cursor.position))")
  }
}
