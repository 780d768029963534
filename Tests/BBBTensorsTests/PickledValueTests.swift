import Foundation
import Testing

@testable import BBBTensors

/// What stands beside tensors in PyTorch files: NumPy arrays, tensors that are not read, objects.
struct PickledValueTests {
  private func file(_ entries: [UInt8]...) throws -> TensorFile {
    let items = entries.enumerated().flatMap { Pickle.string("e\($0)") + $1 }
    return try TensorFile(
      data: torchArchive(Pickle.file([0x7D, 0x28] + items + [0x75])), path: "test")
  }

  /// Bytes as protocol 2 writes them: a text of the characters with their numbers.
  private static func bytes(_ bytes: [UInt8]) -> [UInt8] {
    let text = String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    return Pickle.global("_codecs", "encode")
      + Pickle.tuple(Pickle.string(text), Pickle.string("latin1")) + [0x52]
  }

  private static func type(_ code: String, order: String) -> [UInt8] {
    Pickle.global("numpy", "dtype") + Pickle.tuple(Pickle.string(code), [0x89], [0x88]) + [0x52]
      + Pickle.tuple(Pickle.integer(3), Pickle.string(order), [0x4E], [0x4E], [0x4E]) + [0x62]
  }

  private static func array(
    _ elements: [UInt8], shape: [Int], code: String = "f4", order: String = "<",
    isFortranOrder: Bool = false, module: String = "numpy._core.multiarray"
  ) -> [UInt8] {
    Pickle.global(module, "_reconstruct")
      + Pickle.tuple(Pickle.global("numpy", "ndarray"), Pickle.integers([0]), bytes([0x62]))
      + [0x52]
      + Pickle.tuple(
        Pickle.integer(1), Pickle.integers(shape), type(code, order: order),
        [isFortranOrder ? 0x88 : 0x89], elements) + [0x62]
  }

  private static let floats: [Float] = [1, -2.5, .leastNonzeroMagnitude, 4, .infinity, 6]
  private static let littleEndian = floats.flatMap { value in
    withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
  }
  private static let bigEndian = floats.flatMap { value in
    withUnsafeBytes(of: value.bitPattern.bigEndian) { Array($0) }
  }

  @Test(arguments: ["numpy._core.multiarray", "numpy.core.multiarray"])
  func `NumPy arrays are read like tensors`(module: String) throws {
    let file = try file(
      Self.array(Self.bytes(Self.littleEndian), shape: [2, 3], module: module),
      Self.array(Self.bytes(Self.bigEndian), shape: [6], order: ">", module: module),
      Self.array(
        Self.bytes(Self.littleEndian), shape: [3, 2], isFortranOrder: true, module: module),
      // As later protocols write bytes.
      Self.array([0x43, UInt8(Self.littleEndian.count)] + Self.littleEndian, shape: [6]))
    #expect(try file["e0"]?.floats() == Self.floats)
    #expect(file["e0"]?.shape == [2, 3])
    #expect(try file["e1"]?.floats() == Self.floats)
    #expect(try file["e2"]?.floats() == [1, 4, -2.5, .infinity, .leastNonzeroMagnitude, 6])
    #expect(try file["e3"]?.floats() == Self.floats)
  }

  @Test func `NumPy numbers are numbers`() throws {
    let half = Pickle.global("numpy.core.multiarray", "scalar")
    let file = try file(
      half + Pickle.tuple(Self.type("f4", order: "<"), Self.bytes([0, 0, 0, 0x3F])) + [0x52],
      half + Pickle.tuple(Self.type("i8", order: "<"), Self.bytes([9, 0, 0, 0, 0, 0, 0, 0]))
        + [0x52])
    #expect(file.scalars == ["e0": 0.5, "e1": 9])
  }

  @Test func `an array of Python objects is named`() throws {
    let file = try file(
      Self.array(Pickle.list([0x4E]), shape: [1], code: "O8", order: "|"), Pickle.tensor())
    #expect(file.unreadTensors == [UnreadTensor(name: "e0", kind: .pythonObjects)])
    #expect(file.tensors.map(\.name) == ["e1"])
  }

  @Test func `an array whose bytes are too few or too many is refused`() {
    for shape in [[7], [5], [1 << 62, 4]] {
      let pickle = Pickle.file(
        Pickle.dictionary(
          Pickle.string("w"), Self.array(Self.bytes(Self.littleEndian), shape: shape)))
      #expect(openingError(torchArchive(pickle))?.message.contains("24 bytes") == true)
    }
  }

  @Test func `a quantised tensor is named`() throws {
    let quantised =
      Pickle.global("torch._utils", "_rebuild_qtensor")
      + Pickle.tuple(Pickle.storage(type: "QInt8Storage"), Pickle.integer(0), Pickle.integers([4]))
      + [0x52]
    let parameter =
      Pickle.global("torch._utils", "_rebuild_parameter")
      + Pickle.tuple(quantised, [0x89], Pickle.dictionary()) + [0x52]
    let file = try file(quantised, parameter, Pickle.tensor())
    #expect(
      file.unreadTensors == [
        UnreadTensor(name: "e0", kind: .quantised), UnreadTensor(name: "e1", kind: .quantised),
      ])
  }

  @Test func `a tensor rebuilt in an unknown way is named`() throws {
    let file = try file(
      Pickle.global("torch._utils", "_rebuild_wrapper_subclass") + Pickle.tuple([0x4E]) + [0x52],
      Pickle.tensor())
    #expect(
      file.unreadTensors.first?.kind.description
        == "a tensor that only torch._utils._rebuild_wrapper_subclass rebuilds")
  }

  @Test func `an object is told by its class and its numbers`() throws {
    let constraint =
      Pickle.global("torch.distributions.constraints", "_GreaterThan") + [0x29, 0x81]
      + Pickle.dictionary(Pickle.string("lower_bound"), [0x47] + [UInt8](repeating: 0, count: 8))
      + [0x62]
    let file = try file(constraint, Pickle.tensor())
    #expect(
      file.objects == [
        "e0": PickledObject(
          className: "torch.distributions.constraints._GreaterThan",
          numbers: ["lower_bound": 0])
      ])
  }

  @Test(arguments: [
    ("laplace.baselaplace", "DiagLaplace", "torch.save(la.state_dict(), \"posterior.pt\")"),
    ("posteriors.vi.diag", "VIDiagState", "\"log_sd_diag\": state.log_sd_diag"),
    ("__main__", "Net", "torch.save(model.state_dict(), \"model.pt\")"),
  ])
  func `a pickled object's remedy is its library's`(module: String, name: String, remedy: String) {
    let data = torchArchive(Pickle.file(Pickle.global(module, name) + [0x29, 0x81]))
    let message = openingError(data)?.message
    #expect(message?.contains("class \(module).\(name)") == true)
    #expect(message?.contains(remedy) == true)
  }

  @Test func `a TorchScript program is named`() {
    let data = zipArchive(["net/data.pkl": Data(Pickle.file([0x7D])), "net/constants.pkl": Data()])
    #expect(openingError(data)?.message.contains("torch.jit.load") == true)
  }
}
