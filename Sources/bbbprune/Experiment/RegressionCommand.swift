import ArgumentParser
import BBBExperiments
import BBBReports
import Foundation

/// `bbbprune experiment regression`.
struct RegressionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "regression",
    abstract: "Learns a noisy curve: Bayes by Backprop is unsure where there are no data.",
    discussion: """
      Section 5.2 and Figure 5 of Blundell et al. 2015: points of a curve, a posterior and a plain \
      network trained on them, and the median and the quartiles of what they say beyond the data. \
      Writes regression.csv, regression.svg and regression.json into the folder.

      Examples:
        bbbprune experiment regression -o regression
        bbbprune experiment regression -o short --epochs 200
      """)

  @OptionGroup var folder: ExperimentFolder
  @OptionGroup var threads: ThreadOption
  @OptionGroup var json: JSONOption
  @OptionGroup(title: "Data and learning") var options: RegressionOptions

  func run() throws {
    var outputs = OutputPaths()
    outputs.add("--json", json.path)
    try outputs.check(inputs: [])
    try folder.prepare()
    let progress = ProgressLine("regression")
    defer { progress.finish() }
    let result = try RegressionExperiment(options.settings).run(
      threadCount: threads.count, progress: progress.update)
    progress.finish()
    try folder.write(result.csv, to: "regression.csv")
    try folder.write(RegressionPlot.render(result), to: "regression.svg")
    try folder.write(JSONText.encode(result), to: "regression.json")
    try json.write(result)
    guard !json.replacesText else { return }
    try StandardOutput.writeText(
      result.table(width: StandardOutput.width)
        + "\nband: mean interquartile range over draws of the weights; error: root mean "
        + "square distance of the median from the curve; the curves are in "
        + "\(folder.file("regression.csv")) and \(folder.file("regression.svg"))\n")
  }
}
