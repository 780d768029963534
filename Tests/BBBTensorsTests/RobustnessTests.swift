import Foundation
import TestSupport
import Testing

@testable import BBBTensors

/// Damaged files are read or refused; they never trap.
///
/// A trap would end the test run.
struct RobustnessTests {
  static let names = [
    "all_types.safetensors", "version_1.npy", "version_2.npy", "version_3.npy", "stored.npz",
    "deflated.npz", "torch.pt", "torch_legacy.pt", "torch_protocol_4.pt", "torch_object.pt",
  ]

  /// Opens some bytes and reads every number in them.
  private func canRead(_ data: Data) -> Bool {
    do throws(TensorFileError) {
      let file = try TensorFile(data: data, path: "test")
      var isReadable = true
      for tensor in file.tensors {
        do throws(TensorFileError) {
          let tensor = try tensor.loaded()
          if tensor.elementType.isFloatingPoint {
            let doubles = try tensor.doubles()
            let floats = try tensor.floats()
            #expect(doubles.count == tensor.count && floats.count == tensor.count)
          } else if tensor.elementType == .uint8 {
            let bytes = try tensor.bytes()
            #expect(bytes.count == tensor.count)
          }
        } catch { isReadable = false }
      }
      return isReadable
    } catch {
      #expect(!error.message.isEmpty && !error.message.contains("\n"))
      return false
    }
  }

  @Test(arguments: names)
  func `truncated files are refused`(_ name: String) throws {
    let data = try fixtureData(name)
    #expect(name == "torch_object.pt" || canRead(data))
    for length in stride(from: 0, to: data.count, by: 1 + data.count / 1000) {
      #expect(!canRead(Data(data.prefix(length))), "\(length) of \(data.count) bytes")
    }
  }

  @Test(arguments: names)
  func `files with one wrong bit are read or refused`(_ name: String) throws {
    let seed: UInt64 = 20_150_706
    var generator = SeededGenerator(seed: seed)
    let data = try fixtureData(name)
    var refusals = 0
    for _ in 0..<1000 {
      let position = Int.random(in: 0..<data.count, using: &generator)
      let bit = UInt8(1) << UInt8.random(in: 0..<8, using: &generator)
      if !canRead(data.patched(position, [data[position] ^ bit])) { refusals += 1 }
    }
    #expect(refusals > 20, "seed \(seed): damage must be noticed where there is something to check")
  }

  @Test(arguments: names)
  func `files with one wrong byte are read or refused`(_ name: String) throws {
    // 0, 255 and 128 are what forged counts and opcodes are made of.
    let data = try fixtureData(name)
    for position in stride(from: 0, to: data.count, by: 1 + data.count / 500) {
      for byte: UInt8 in [0, 0x80, 0xFF] { _ = canRead(data.patched(position, [byte])) }
    }
  }
}
