import Foundation
import TestSupport
import Testing

@testable import BBBTensors

struct OutputFileTests {
  private let data = Data("content".utf8)

  private func contents(_ path: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: path))
  }

  private func mode(_ path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
  }

  @Test func `a file is created and replaced`() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/model.npz"
      try OutputFile.write(Data("an older and longer content".utf8), to: path)
      try OutputFile.write(data, to: path)
      #expect(try contents(path) == data)
      let plain = folder + "/plain"
      _ = FileManager.default.createFile(atPath: plain, contents: nil)
      #expect(try mode(path) == mode(plain), "the usual permissions")
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
          == ["model.npz", "plain"], "no temporary file is left")
    }
  }

  @Test func `of several files all are written or none`() throws {
    try withTemporaryFolder { folder in
      let (first, second) = (folder + "/first", folder + "/second")
      try OutputFile.write([(data, first), (Data("two".utf8), second)])
      #expect(try contents(first) == data)
      #expect(try contents(second) == Data("two".utf8))
      let missing = folder + "/missing/third"
      let error = #expect(throws: TensorFileError.self) {
        try OutputFile.write([(Data("new".utf8), first), (data, folder + "/new"), (data, missing)])
      }
      #expect(error?.path == missing)
      #expect(try contents(first) == data, "the old version")
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["first", "second"])
    }
  }

  @Test(arguments: [("model.bbbz", ""), ("/a/b/curve.svg", "/a/b/")])
  func `the temporary file is hidden beside the path and bears the tool's name`(
    path: String, folder: String
  ) {
    let temporary = OutputFile.temporaryPath(beside: path)
    #expect(temporary.hasPrefix(folder + ".bbbprune-") && temporary.hasSuffix(".tmp"))
    #expect(OutputFile.temporaryPath(beside: path) != temporary)
  }

  @Test func `a mapped old version stays intact`() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/w.npy"
      let tensor = Tensor(name: "w", shape: [3000], floats: [Float](repeating: 2, count: 3000))
      try OutputFile.write(try NPYEncoder.encode(tensor), to: path)
      let file = try TensorFile(contentsOf: path)
      try OutputFile.write(Data(), to: path)
      #expect(try file.tensors[0].floats() == tensor.floats())
    }
  }

  @Test func `an existing file keeps its permissions`() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/model"
      try OutputFile.write(data, to: path)
      try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
      try OutputFile.write(Data("new".utf8), to: path)
      #expect(try mode(path) == 0o640)
    }
  }

  @Test func `a symbolic link is followed`() throws {
    try withTemporaryFolder { folder in
      let manager = FileManager.default
      try manager.createDirectory(atPath: folder + "/deep", withIntermediateDirectories: false)
      try OutputFile.write(Data("old".utf8), to: folder + "/deep/target")
      try manager.createSymbolicLink(
        atPath: folder + "/link", withDestinationPath: "deep/second")
      try manager.createSymbolicLink(
        atPath: folder + "/deep/second", withDestinationPath: "target")
      try OutputFile.write(data, to: folder + "/link")
      #expect(try contents(folder + "/deep/target") == data)
      #expect(try manager.destinationOfSymbolicLink(atPath: folder + "/link") == "deep/second")
      #expect(try manager.contentsOfDirectory(atPath: folder + "/deep").count == 2)
      try manager.createSymbolicLink(atPath: folder + "/dangling", withDestinationPath: "made")
      try OutputFile.write(data, to: folder + "/dangling")
      #expect(try contents(folder + "/made") == data)
      try manager.createSymbolicLink(atPath: folder + "/loop", withDestinationPath: "loop")
      #expect(throws: TensorFileError.self) { try OutputFile.write(data, to: folder + "/loop") }
    }
  }

  @Test func `what cannot be written is an error and leaves nothing`() throws {
    try withTemporaryFolder { folder in
      try OutputFile.write(data, to: folder + "/file")
      for path in [folder + "/none/model", folder + "/file/model", folder, ""] {
        let error = #expect(throws: TensorFileError.self) { try OutputFile.write(data, to: path) }
        #expect(error?.code == .unwritable)
        #expect(error?.path == path)
        #expect(error?.message.hasPrefix("cannot be written: ") == true)
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["file"])
    }
  }

  @Test(.enabled(if: geteuid() != 0, "run as a user who is not root"))
  func `a folder without permission is an error`() throws {
    try withTemporaryFolder { folder in
      try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder)
      #expect(throws: TensorFileError.self) { try OutputFile.write(data, to: folder + "/model") }
    }
  }

  @Test func `a device is written to directly`() throws {
    try OutputFile.write(data, to: "/dev/null")
    let type = try FileManager.default.attributesOfItem(atPath: "/dev/null")[.type]
    #expect(type as? FileAttributeType == .typeCharacterSpecial)
  }

  @Test(
    .enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "needs /dev/full (Linux)"))
  func `a full device is an error`() {
    let error = #expect(throws: TensorFileError.self) {
      try OutputFile.write(data, to: "/dev/full")
    }
    #expect(error?.message.contains("No space left on device") == true)
  }
}
