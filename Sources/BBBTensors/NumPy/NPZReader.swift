#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Reads NPZ files: zip archives of NPY arrays, stored or deflated.
///
/// As in NumPy, a member is an array if it starts as one, and is named without its `.npy`; other
/// members hold no array and are passed over, unless their name claims that they do. Arrays of Python
/// objects, which libraries store beside their numbers, are named and not read unless there is no other.
enum NPZReader {
  static func read(
    _ archive: ZipArchive
  ) throws(TensorFileError) -> (tensors: [Tensor], unreadTensors: [UnreadTensor]) {
    if let foreign = ForeignFormat(archive) {
      throw FileSignature.unknownFormat(foreign.message, path: archive.path)
    }
    var tensors: [Tensor] = []
    var unreadTensors: [UnreadTensor] = []
    var firstRefusal: TensorFileError?
    for member in archive.members {
      let isNamedArray = member.name.hasSuffix(".npy")
      // Twelve bytes tell the length of the header in every version.
      let start = try archive.prefix(of: member, byteCount: 12)
      guard isNamedArray || start.hasBytes(NPYHeader.magic) else { continue }
      let name = isNamedArray ? String(member.name.dropLast(4)) : member.name
      let label = "zip member \"\(member.name)\""
      var cursor = ByteCursor(start, path: archive.path, place: label)
      let headerByteCount = try NPYHeader.byteCount(&cursor, name: label)
      let header: NPYHeader
      do throws(TensorFileError) {
        header = try NPYHeader(
          try archive.prefix(of: member, byteCount: headerByteCount), path: archive.path,
          name: label)
      } catch  where error.code == .unsupported {
        firstRefusal = firstRefusal ?? error
        unreadTensors.append(UnreadTensor(name: name, kind: .pythonObjects))
        continue
      }
      tensors.append(
        try NPYReader.tensor(
          name: name, header: header,
          content: try archive.deferredContent(
            of: member, from: headerByteCount, checksStored: true),
          path: archive.path))
    }
    if tensors.isEmpty, let firstRefusal { throw firstRefusal }
    guard !tensors.isEmpty || archive.members.isEmpty else {
      throw TensorFileError(
        .unknownFormat, path: archive.path,
        "the zip archive holds neither NumPy arrays nor a PyTorch checkpoint; "
          + "save the arrays with numpy.savez or torch.save")
    }
    return (tensors, unreadTensors)
  }
}
