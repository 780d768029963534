import Foundation
import TestSupport
import Testing

@testable import BBBTensors

struct TensorFileTests {
  @Test func `the format is found from the content`() throws {
    let tensor = Tensor(name: "w", shape: [2], floats: [1, 2])
    try withTemporaryFolder { folder in
      for (name, data, format) in [
        ("a.npz", try SafetensorsEncoder.encode([tensor]), TensorFile.Format.safetensors),
        ("b.pt", try NPYEncoder.encode(tensor), .npy),
        ("c", try NPZEncoder.encode([tensor]), .npz),
        ("d.npy", try fixtureData("torch.pt"), .pytorch),
        ("e.npy", try fixtureData("torch_legacy.pt"), .pytorch),
      ] {
        let path = folder + "/" + name
        try OutputFile.write(data, to: path)
        let file = try TensorFile(contentsOf: path)
        #expect(file.format == format)
        #expect(file.path == path)
        #expect(file.byteCount == data.count)
        #expect(file.tensors.allSatisfy { $0.path == path })
      }
    }
  }

  /// A header of 640 bytes starts as a pickle does, one of 35,615 bytes as gzip does.
  @Test(arguments: [640, 35_615])
  func `a header length that looks like another format is not misread`(_ length: Int) throws {
    let data = safetensors("{}" + String(repeating: " ", count: length - 2))
    #expect(try TensorFile(data: data, path: "test").format == .safetensors)
  }

  @Test(
    arguments: [
      ([0x1F, 0x8B, 8, 0], "gzip"), ([0x89, 0x48, 0x44, 0x46, 13, 10, 26, 10], "HDF5"),
      (Array("GGUF".utf8) + [3, 0, 0, 0], "GGUF"), ([0x80, 4, 0x7D, 0x2E], "pickle"),
      (Array("version https://git-lfs.github.com/spec/v1\n".utf8), "git lfs pull"),
      ([0x08, 8, 0x12, 7] + Array("pytorch".utf8), "ONNX"),
      ([0x1C, 0, 0, 0] + Array("TFL3".utf8), "TFLite"), ([0x08, 1, 0x12, 9], "SavedModel"),
      ([0x82, 0xA6] + Array("params".utf8), "msgpack"), (Array("<!DOCTYPE html>".utf8), "web page"),
      ([UInt8](repeating: 0x61, count: 257) + Array("ustar".utf8), "tar archive"),
      ([1] + [0x57, 0xFB, 0x80, 0x8B, 0x24, 0x75, 0x47, 0xDB], "TensorFlow checkpoint"),
      ([0x28, 0xB5, 0x2F, 0xFD], "zstd"), ([0xFD] + Array("7zXZ".utf8), "xz"),
      (Array("BZh9".utf8), "bzip2"),
      (Array("hello, world".utf8), "no known format"), ([0], "no known format"),
      ([0x80], "no known format"),
    ] as [([UInt8], String)])
  func `other formats are named`(_ bytes: [UInt8], _ name: String) {
    let error = openingError(Data(bytes))
    #expect(error?.code == .unknownFormat)
    #expect(error?.message.contains(name) == true)
    #expect(error?.message.contains("safetensors, NumPy (.npy, .npz) and PyTorch") == true)
  }

  @Test(arguments: [
    ("model.weights.h5", "Keras"), ("x/serialized_exported_program.json", "torch.export"),
    ("net/models/model.json", "torch.export"),
  ])
  func `archives of other formats are named`(member: String, name: String) {
    let error = openingError(zipArchive([member: Data(), "weights.npy": Data()]))
    #expect(error?.code == .unknownFormat)
    #expect(error?.message.contains(name) == true)
  }

  @Test func `names in messages cannot steer the terminal`() {
    let error = openingError(safetensors(#"{"a\u001b[2J\n":null}"#))
    #expect(error?.message.contains("a\u{FFFD}[2J\u{FFFD}") == true)
    #expect(error?.message.contains("\u{1B}") == false)
  }

  @Test func `Keras users are told to save arrays first`() {
    let error = openingError(Data([0x89, 0x48, 0x44, 0x46, 13, 10, 26, 10]))
    #expect(error?.message.contains("numpy.savez or safetensors") == true)
  }

  @Test func `files that cannot be opened say so`() throws {
    try withTemporaryFolder { folder in
      let missing = #expect(throws: TensorFileError.self) {
        try TensorFile(contentsOf: folder + "/missing.npz")
      }
      #expect(missing?.code == .inaccessible)
      #expect(missing?.description.hasPrefix(folder + "/missing.npz: cannot be opened") == true)
      let directory = #expect(throws: TensorFileError.self) { try TensorFile(contentsOf: folder) }
      #expect(directory?.code == .inaccessible)
      try OutputFile.write(Data(), to: folder + "/empty")
      let empty = #expect(throws: TensorFileError.self) {
        try TensorFile(contentsOf: folder + "/empty")
      }
      #expect(empty?.code == .unknownFormat)
    }
  }

  @Test func `a file in memory finds its tensors`() async {
    let file = TensorFile(
      path: "memory", format: .npz, tensors: [Tensor(name: "w", shape: [1], floats: [1])],
      scalars: ["epoch": 1])
    #expect(file["w"]?.shape == [1])
    #expect(file["v"] == nil)
    #expect(file.scalars["epoch"] == 1)
    await #expect(processExitsWith: .failure) {
      let tensor = Tensor(name: "w", shape: [1], floats: [1])
      _ = TensorFile(path: "memory", format: .npz, tensors: [tensor, tensor])
    }
  }
}
