import BBBTensors

/// One part of a checkpoint, given alone: a network without the layers that are in the other parts.
enum LoneShard {
  /// Refuses a part whose index is at hand; warns of one that only has the name of a part.
  ///
  /// - Parameter file: The checkpoint.
  /// - Throws: ``PosteriorError`` that names the index to give instead.
  /// - Returns: The warning, if there is one.
  static func warnings(_ file: TensorFile) throws(PosteriorError) -> [String] {
    guard let shard = file.shard else { return [] }
    let part = "part \(shard.number) of \(shard.count) of a checkpoint"
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
}
