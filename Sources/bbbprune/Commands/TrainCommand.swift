import ArgumentParser
import BBBDatasets
import BBBTensors
import BBBTraining
import Foundation

/// `bbbprune train`.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Trains a network by Bayes by Backprop, or a baseline.",
    discussion: """
      Learns a mean and a standard deviation for every weight of a fully connected network (Blundell \
      et al. 2015) and writes a checkpoint that 'sweep' and 'export' read.

      Examples:
        bbbprune train --dataset mnist -o model.safetensors
        bbbprune train --dataset mnist --hidden 400,400 --prior gaussian:e^-1 -o model.safetensors
        bbbprune train --dataset mnist --method point --dropout 0.5 -o dropout.safetensors
      """)

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("Where to write the checkpoint (safetensors).", valueName: "file"))
  var output: String

  @Option(help: "A dataset by name.")
  var dataset: DatasetName = .mnist

  @Option(help: ArgumentHelp("Where datasets are.", valueName: "folder"))
  var data: String?

  @OptionGroup(title: "Training") var training: TrainingOptions
  @OptionGroup(title: "Bayes by Backprop") var bayes: BayesOptions
  @OptionGroup(title: "Point estimates") var point: PointOptions

  @Option(
    help: ArgumentHelp(
      "How many of the training examples to set aside for validation.", valueName: "count"))
  var validation: Int = 10000

  @Option(help: ArgumentHelp("Write a line for each epoch as CSV.", valueName: "file"))
  var csv: String?

  @Option(help: "The number format of the checkpoint.")
  var precision: Trainer.CheckpointPrecision = .float32

  @OptionGroup var threads: ThreadOption

  func run() throws {
    let all = TrainingExamples(try Dataset.mnist(.train, locator: DatasetLocator(explicitFolder: data)))
    var examples = all
    var validationExamples: TrainingExamples?
    if validation > 0 {
      let split = all.splitForValidation(count: validation)
      examples = split.training
      validationExamples = split.validation
    }
    let method = training.method == .bayes ? bayes.method : point.method
    let trainer = try Trainer(
      training.configuration(inputs: all.inputCount, outputs: 10, method: method),
      examples: examples, validation: validationExamples, threadCount: threads.count)
    let start = ContinuousClock.now
    while !trainer.isFinished {
      if let report = try trainer.step() {
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        StandardError.write(
          "epoch \(report.epoch) likelihood \(report.likelihoodCost) complexity/weight bits \(report.complexityCost / 0.6931 / Double(trainer.configuration.parameterCount)) train \(report.trainingError ?? 0) valid \(report.validationError ?? 0) cost \(report.validationCost ?? 0) lr \(report.learningRate) t \(seconds)\n"
        )
        if trainer.isFinished || report.epoch % 20 == 0 {
          try OutputFile.write(try trainer.checkpoint(precision: precision), to: output)
        }
      }
    }
  }
}

extension Trainer.CheckpointPrecision: ExpressibleByArgument {}
