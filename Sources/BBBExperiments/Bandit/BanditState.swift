import BBBDatasets
import BBBTensors
import BBBTraining
import BBBZlib
import Foundation

/// A run between two interactions, as it is saved; with the network it decides everything that follows.
struct BanditState: Codable {
  var agent: String
  var number: Int
  /// What decides the agent's runs.
  var settings: BanditSettings
  /// The checksum of the mushrooms, to notice a resumption with others.
  var tableChecksum: UInt32
  var trace: BanditTrace
  var buffer: InteractionBuffer
  /// The checksum of all tensors: a damaged number would go unnoticed in the result.
  var tensorChecksum: UInt32

  static let metadataKey = "bbbprune_bandit_state"

  init(_ run: BanditRun) {
    agent = run.agent.name
    number = run.number
    settings = run.settings.deciding(run.agent)
    tableChecksum = run.table.checksum
    trace = run.trace
    buffer = run.buffer
    tensorChecksum = run.trainer.checksum
  }

  init(_ file: TensorFile) throws(TrainingError) {
    guard let json = file.metadata[Self.metadataKey],
      let state = try? JSONDecoder().decode(Self.self, from: Data(json.utf8))
    else {
      throw Self.unusable(file, "holds no saved run of a bandit")
    }
    self = state
  }

  /// Checks that the file holds the run that is to go on, and that it can have been like this.
  func check(
    _ agent: BanditAgent, number: Int, settings: BanditSettings, table: MushroomTable,
    file: TensorFile
  ) throws(TrainingError) {
    guard self.settings == settings.deciding(agent), self.agent == agent.name, self.number == number
    else {
      throw TrainingError(
        .notResumable, path: file.path,
        "was saved with other settings; give the same ones, or choose another folder")
    }
    guard tableChecksum == table.checksum else {
      throw TrainingError(
        .notResumable, path: file.path,
        "the run was among other mushrooms; give the same table, or choose another folder")
    }
    guard trace.isPossible,
      buffer.isPossible(
        capacity: settings.bufferCapacity, interactions: trace.interactions,
        mushroomCount: table.count)
    else {
      throw Self.unusable(file, "says what cannot be of its interactions")
    }
  }

  /// The error of a file that no run can go on from.
  private static func unusable(_ file: TensorFile, _ problem: String) -> TrainingError {
    TrainingError(
      .notResumable, path: file.path,
      "\(problem); remove it to begin this run anew, or choose another folder")
  }
}

extension BanditRun {
  /// The whole run as a safetensors file, from which it goes on bit by bit as if it had never stopped.
  func savedState() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let json = String(decoding: try encoder.encode(BanditState(self)), as: UTF8.self)
    return try SafetensorsEncoder.encode(
      trainer.savedTensors, metadata: [BanditState.metadataKey: json])
  }
}

extension MushroomTable {
  /// A checksum of all mushrooms, to tell other tables by.
  var checksum: UInt32 {
    var bytes = isEdible.map { UInt8($0 ? 1 : 0) }
    for column in columns { bytes += [UInt8(column.attribute), column.value] }
    for mushroom in 0..<count {
      for place in places(ofMushroom: mushroom) {
        bytes += [UInt8(place >> 8), UInt8(place & 255)]
      }
    }
    return crc32(bytes.span.bytes)
  }
}
