import BBBTensors

/// One part of a checkpoint, given alone: a network without the layers that are in the other parts.
enum LoneShard {
  /// The errors whose reason may be that something is in another part.
  private static let codes: [PosteriorError.Code] = [.unrecognised, .incomplete, .shapeMismatch]

  /// Refuses a part whose index is at hand; warns of one that only has the name of a part.
  ///
  /// - Parameter file: The checkpoint.
  /// - Throws: ``PosteriorError`` that names the index to give instead.
  /// - Returns: The warning, if there is one.
  static func warnings(_ file: TensorFile) throws(PosteriorError) -> [String] {
    guard let shard = file.shard else { return [] }
    let part = text(shard)
    guard !shard.isIndexThere else {
      throw PosteriorError(
        .incomplete, path: file.path, "holds only \(part); give its index, \(shard.index)")
    }
    return [
      """
      \(file.path) holds only \(part), by its name; layers in other parts are missing unless you give \
      the index of all, such as \(shard.index)
      """
    ]
  }

  /// Adds to an error what the file's name says about it.
  ///
  /// - Parameters:
  ///   - error: Why the file could not be read.
  ///   - file: The checkpoint.
  /// - Returns: The error, with the index to give if another part may hold what is missing.
  static func explained(_ error: PosteriorError, _ file: TensorFile) -> PosteriorError {
    guard let shard = file.shard, !shard.isIndexThere, codes.contains(error.code) else {
      return error
    }
    return PosteriorError(
      error.code, path: error.path,
      "\(error.message); the file is only \(text(shard)), by its name, so give the index of all, such as "
        + shard.index)
  }

  private static func text(_ shard: Shard) -> String {
    "part \(shard.number) of \(shard.count) of a checkpoint"
  }
}
