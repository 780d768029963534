import Foundation
import Testing

@testable import BBBTensors

/// Tensors of one checkpoint that view the same storage, as tied weights do.
struct StorageSharingTests {
  /// A checkpoint's pickle with tensors `0`, `1`, … that are all alike.
  private static func pickle(_ tensor: [UInt8], count: Int) -> [UInt8] {
    let items = (0..<count).flatMap { Pickle.string(String($0)) + tensor }
    return Pickle.file([0x7D, 0x28] + items + [0x75])
  }

  /// Where the bytes of a tensor's storage lie in memory.
  private func address(_ tensor: Tensor) throws -> UnsafeRawPointer? {
    guard case .plain(let data) = try tensor.storage.loaded().content else { return nil }
    return data.withUnsafeBytes { $0.baseAddress }
  }

  @Test func `a deflated storage is inflated once for all its tensors, of whatever type`() throws {
    let floats = Pickle.tensor(Pickle.storage(count: 10_000), shape: [10_000], strides: [1])
    let doubles = Pickle.tensor(
      Pickle.storage(count: 5000, type: "DoubleStorage"), shape: [5000], strides: [1])
    let pickle = Pickle.file(
      Pickle.dictionary(
        Pickle.string("a"), floats, Pickle.string("b"), floats, Pickle.string("c"), doubles))
    let archive = zipArchive(
      ["x/data.pkl": Data(pickle), "x/data/0": Data(count: 40_000)], isCompressed: true)
    let file = try TensorFile(data: archive, path: "test")
    // All are held while they are compared, so that equal addresses mean the same memory.
    let loaded = try ["a", "b", "c"].map { try #require(file[$0]).loaded() }
    let addresses = try loaded.map(address)
    #expect(addresses[0] != nil)
    #expect(Set(addresses).count == 1)
    #expect(try loaded[2].doubles() == [Double](repeating: 0, count: 5000))
  }

  @Test func `damage in a shared storage is found by every tensor`() throws {
    let tensor = Pickle.tensor(Pickle.storage(count: 10_000), shape: [10_000], strides: [1])
    let archive = zipArchive(
      [
        "x/data.pkl": Data(Self.pickle(tensor, count: 2)), "x/data/0": Data(count: 40_000),
      ], isCompressed: true)
    // The checksum of the last member in the directory.
    let damaged = archive.patched(archive.count - 22 - (46 + 8) + 16, UInt32(1))
    let file = try TensorFile(data: damaged, path: "test")
    for tensor in file.tensors {
      let error = #expect(throws: TensorFileError.self) { try tensor.loaded() }
      #expect(error?.message.contains("checksum") == true)
    }
  }

  @Test(arguments: [(64, true), (65, false)])
  func `as many tensors may share a storage as a real model could tie`(
    count: Int, isRead: Bool
  ) {
    let elements = 1 << 18
    let tensor = Pickle.tensor(Pickle.storage(count: elements), shape: [elements], strides: [1])
    let error = openingError(
      torchArchive(Self.pickle(tensor, count: count), storage: Data(count: 4 * elements)))
    #expect((error == nil) == isRead, "\(String(describing: error))")
    if let error {
      #expect(error.code == .unsupported)
      #expect(
        error.message == """
          too many tensors claim the same storage: 65 tensors view 68157440 bytes of storages that \
          hold 1048576; save copies made with .clone()
          """)
    }
  }

  @Test(arguments: [(4, true), (5, false)])
  func `views that repeat a few elements are counted together in both layouts`(
    count: Int, isRead: Bool
  ) {
    let repeated = Pickle.tensor(shape: [1 << 20], strides: [0])
    let pickle = Self.pickle(repeated, count: count)
    for data in [torchArchive(pickle), LegacyFile(pickle).data] {
      let error = openingError(data)
      #expect((error == nil) == isRead, "\(String(describing: error))")
      #expect(error?.message.contains("too many tensors claim the same storage") != false)
    }
  }
}
