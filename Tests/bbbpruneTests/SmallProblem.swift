import BBBTensors
import Foundation

/// A problem small enough to solve by hand: four pixels, two classes.
///
/// Class 0 has the first two pixels on, class 1 the last two. The network's four strong weights tell
/// them apart; its other weights are weak and unreliable.
enum SmallProblem {
  static let images: [[UInt8]] = [
    [255, 255, 0, 0], [200, 250, 10, 0], [0, 0, 255, 255], [0, 20, 240, 200],
  ]
  static let labels: [UInt8] = [0, 0, 1, 1]

  /// 4-3-2: hidden unit 0 sees class 0, unit 1 sees class 1, unit 2 is noise.
  static var tensors: [Tensor] {
    [
      Tensor(
        name: "fc1.weight_mu", shape: [3, 4],
        floats: [2, 2, 0.01, 0, 0, 0.02, 2, 2, 0.03, 0.04, 0.05, 0.06]),
      Tensor(name: "fc1.weight_rho", shape: [3, 4], floats: .init(repeating: -2, count: 12)),
      Tensor(name: "fc1.bias_mu", shape: [3], floats: [0, 0, 0]),
      Tensor(name: "fc1.bias_rho", shape: [3], floats: [-2, -2, -2]),
      Tensor(
        name: "fc2.weight_mu", shape: [2, 3], floats: [3, -3, 0.07, -3, 3, 0.08]),
      Tensor(name: "fc2.weight_rho", shape: [2, 3], floats: .init(repeating: -2, count: 6)),
      Tensor(name: "fc2.bias_mu", shape: [2], floats: [0, 0]),
      Tensor(name: "fc2.bias_rho", shape: [2], floats: [-2, -2]),
    ]
  }

  /// Writes a checkpoint whose metadata say all about the network, so that nothing is assumed.
  static func writeCheckpoint(to path: String, _ tensors: [Tensor] = tensors) throws {
    try SafetensorsEncoder.encode(
      tensors,
      metadata: [
        "arch": "4-3-2", "activation": "relu", "input_scale": "1/255", "output": "classes",
      ]
    ).write(to: URL(filePath: path))
  }

  /// Writes 24 variations of the images, and their labels, for training.
  static func writeTrainingDataset(to folder: URL) throws {
    let numbers = 0..<24
    try writeDataset(
      to: folder, prefix: "train",
      images: numbers.map { number in images[number % 4].map { $0 ^ UInt8(number) } },
      labels: numbers.map { labels[$0 % 4] })
  }

  /// Writes images and labels as IDX under MNIST's names.
  static func writeDataset(
    to folder: URL, prefix: String = "t10k", images: [[UInt8]] = images, labels: [UInt8] = labels,
    side: UInt8 = 2
  ) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let count = UInt8(images.count)
    let header: [UInt8] = [0, 0, 8, 3, 0, 0, 0, count, 0, 0, 0, side, 0, 0, 0, side]
    try Data(header + images.joined()).write(
      to: folder.appending(path: "\(prefix)-images-idx3-ubyte"))
    try Data([0, 0, 8, 1, 0, 0, 0, UInt8(labels.count)] + labels).write(
      to: folder.appending(path: "\(prefix)-labels-idx1-ubyte"))
  }
}
