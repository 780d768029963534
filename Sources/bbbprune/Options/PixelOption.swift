import ArgumentParser
import BBBDatasets

/// Whether inputs of other types than unsigned bytes are pixels all the same.
struct PixelOption: ParsableArguments {
  @Flag(
    name: .customLong("pixels"),
    help:
      "Take the inputs as pixels from 0 to 255, scaled like unsigned bytes, though they are CSV or of another type."
  )
  var isGiven = false

  /// The inputs as the user means them; pixels that were not said to be some are told of.
  ///
  /// - Parameters:
  ///   - inputs: The inputs as their file has them.
  ///   - path: The file, for messages.
  /// - Returns: Bytes if pixels were asked for, else the inputs as they are.
  /// - Throws: `DatasetError` if one is no pixel.
  func applied(to inputs: Dataset.Inputs, of path: String) throws -> Dataset.Inputs {
    if isGiven { return try inputs.pixels(path: path) }
    if inputs.lookLikePixels {
      StandardError.writeText(
        "note: the inputs in \(path) are whole numbers from 0 to 255 and are taken as they are; give "
          + "'--pixels' if they are to be scaled as unsigned bytes are\n")
    }
    return inputs
  }

  /// The dataset with its inputs as the user means them.
  func applied(to dataset: Dataset) throws -> Dataset {
    let inputs = try applied(to: dataset.inputs, of: dataset.inputsPath)
    return dataset.withInputs(inputs)
  }
}
