#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A format that people take for a checkpoint's, recognised by its first bytes and not read.
struct ForeignFormat {
  /// Which format it is, and what to do.
  let message: String

  private static let saveArrays =
    "load it in Python and save the arrays with numpy.savez or safetensors.numpy.save_file"

  /// Recognises a file by its bytes; nil if they are of no format known here.
  init?(_ data: Data) {
    for (offset, bytes, message) in Self.signatures where data.hasBytes(bytes, at: offset) {
      self.message = message
      return
    }
    if Self.isPickle(data) {
      message =
        "the file is a plain Python pickle: load it in Python and save the arrays with numpy.savez "
        + "or torch.save"
    } else if Self.isMessagePack(data) {
      message = "the file is msgpack, as Flax writes it: " + Self.saveArrays
    } else if Self.isONNX(data) {
      message =
        "the file is an ONNX graph, which holds no standard deviations: give the checkpoint that it "
        + "was exported from"
    } else if data.hasBytes([0x57, 0xFB, 0x80, 0x8B, 0x24, 0x75, 0x47, 0xDB], at: data.count - 8) {
      message = "the file is the index of a TensorFlow checkpoint: " + Self.saveWeights
    } else {
      return nil
    }
  }

  /// Recognises a zip archive by the names of its members; nil if they are of no format known here.
  init?(_ archive: ZipArchive) {
    func has(_ ending: String) -> Bool {
      archive.members.contains { $0.name == ending || $0.name.hasSuffix("/" + ending) }
    }
    if has("model.weights.h5") {
      message =
        "the file is a Keras model: load it in Python and save its weights with "
        + "numpy.savez(path, **{w.path: w.numpy() for w in model.weights})"
    } else if has("serialized_exported_program.json") || has("models/model.json") {
      message =
        "the file is a program exported by torch.export (.pt2): save its dictionary with "
        + "torch.save(torch.export.load(path).state_dict, \"model.pt\")"
    } else {
      return nil
    }
  }

  private static let saveWeights =
    "load the model in Python and save its weights with "
    + "numpy.savez(path, **{w.name: w.numpy() for w in model.weights})"

  /// Offset, bytes, and what to say of a file that has them there.
  private static let signatures: [(offset: Int, bytes: [UInt8], message: String)] = [
    (
      0, Array("version https://git-lfs.github.com/spec/".utf8),
      "the file is a Git LFS pointer, which only names the checkpoint: fetch the checkpoint itself "
        + "with git lfs pull"
    ),
    (0, [0x1F, 0x8B], "the file is compressed with gzip: unpack it first with gunzip"),
    (0, [0x28, 0xB5, 0x2F, 0xFD], "the file is compressed with zstd: unpack it first with unzstd"),
    (0, [0xFD] + Array("7zXZ".utf8), "the file is compressed with xz: unpack it first with unxz"),
    (0, Array("BZh".utf8), "the file is compressed with bzip2: unpack it first with bunzip2"),
    (257, Array("ustar".utf8), "the file is a tar archive: unpack it first with tar -xf"),
    (
      0, [0x89] + Array("HDF".utf8) + [0x0D, 0x0A, 0x1A, 0x0A],
      "the file is HDF5, as Keras writes it: " + saveArrays
    ),
    (
      0, Array("GGUF".utf8),
      "the file is GGUF, which holds no posterior: use the checkpoint it was made from"
    ),
    (
      4, Array("TFL3".utf8),
      "the file is a TFLite model, which holds no standard deviations: use the checkpoint it was made "
        + "from"
    ),
    (0, [0x08, 0x01, 0x12], "the file is a TensorFlow SavedModel: " + saveWeights),
    (0, Array("<!DOCTYPE".utf8), "the file is a web page: download the checkpoint itself"),
    (0, Array("<!doctype".utf8), "the file is a web page: download the checkpoint itself"),
    (0, Array("<html".utf8), "the file is a web page: download the checkpoint itself"),
  ]

  private static func isPickle(_ data: Data) -> Bool {
    data.hasBytes([0x80]) && (2...5).contains { data.hasBytes([$0], at: 1) }
  }

  /// Whether data begin as a map of a few entries does, whose first key is a text.
  private static func isMessagePack(_ data: Data) -> Bool {
    guard data.count > 2, let map = data.first else { return false }
    let key = data[data.startIndex + (map == 0xDE ? min(3, data.count - 1) : 1)]
    return ((0x81...0x8F).contains(map) || map == 0xDE)
      && ((0xA1...0xBF).contains(key) || key == 0xD9)
  }

  /// Whether data begin as a protobuf of `ModelProto` does: a version of 3 or later, then another field.
  private static func isONNX(_ data: Data) -> Bool {
    guard data.count > 3, data.hasBytes([0x08]) else { return false }
    let (version, field) = (data[data.startIndex + 1], data[data.startIndex + 2])
    return (3...32).contains(version)
      && [0x12, 0x1A, 0x22, 0x28, 0x32, 0x3A, 0x42].contains(field)
  }
}
