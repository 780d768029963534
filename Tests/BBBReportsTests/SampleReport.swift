import BBBEvaluation
import BBBPruning
import EvaluationSamples
import Foundation

@testable import BBBReports

/// A report of a network with 4×3 pixels, two layers and the points of `usualCurve`.
func sampleReport(_ curves: [SweepCurve] = [sampleCurve()]) throws -> SweepReport {
  SweepReport(
    curves: curves,
    histogram: try SignalToNoiseHistogram(
      ranking((0..<400).map { 0.01 * Float($0 + 1) } + .init(repeating: 30, count: 60))),
    exampleShape: [4, 3],
    provenance: ReportProvenance(
      command: "bbbprune sweep model.safetensors --report report.html",
      inputs: [
        .init(role: "checkpoint", name: "model.safetensors", digest: "00ff"),
        .init(role: "inputs", name: "synthetic-digits (built in)", digest: nil),
      ],
      environment: [("bbbprune", "0.1.0"), ("kernels", "plain")]),
    nextCommand: "bbbprune export 'it is.pt' --sparsity 0.5 -o <it>.bbbz")
}

/// The usual curve, with all that a sweep for a report measures.
func sampleCurve(criterion: String = "snr", checkpoint: String = "model.safetensors") -> SweepCurve
{
  var sample = curve(usualCurve.points, criterion: criterion, checkpoint: checkpoint)
  // So that the verdict is 50 %, and most points are beyond it.
  sample.tolerance = 0.001
  sample.samples = 10
  sample.seed = 0
  sample.ood = "synthetic-letters"
  for index in sample.points.indices {
    let point = sample.points[index]
    sample.points[index].pruned.scores.auroc = 0.95 - point.sparsity / 7
    sample.points[index].monteCarlo = PredictionScores(
      result(errorsAt: 0..<150 + 7 * index, of: 10000), auroc: 0.97 - point.sparsity / 9)
    sample.points[index].latency = Latency(
      singleMicroseconds: 50.04 - 40 * point.sparsity, batchMicroseconds: 3 - point.sparsity)
    sample.points[index].structure = RemainingStructure(
      layers: [
        .init(name: "fc1", weights: 600_000, kept: point.kept * 6 / 10),
        .init(name: "fc2", weights: 400_000, kept: point.kept - point.kept * 6 / 10),
      ],
      connectionsPerInput: (0..<12).map { point.kept * $0 / 7919 })
  }
  return sample
}

/// A page taken apart.
struct ReportContent {
  let html: String

  init(_ report: SweepReport) throws { html = try report.html() }

  /// What an element holds that is a script or style sheet.
  func content(of opening: String, _ closing: String) throws -> String {
    guard let start = html.range(of: opening),
      let end = html.range(of: closing, range: start.upperBound..<html.endIndex)
    else { throw CocoaError(.formatting) }
    return String(html[start.upperBound..<end.lowerBound])
  }

  var sweepText: String {
    get throws { try content(of: "<script type=\"application/json\" id=\"sweep\">", "</script>") }
  }

  /// The elements, by an XML parser: scripts and styles aside, the page is XML as well.
  var picture: Picture {
    get throws {
      var text = html.replacingOccurrences(of: "<!DOCTYPE html>", with: "")
      let endings = [
        ("<style>", "</style>"), ("<script>", "</script>"), ("id=\"sweep\">", "</script>"),
        ("id=\"details\">", "</script>"),
      ]
      for (opening, closing) in endings {
        text = text.replacingOccurrences(of: try content(of: opening, closing), with: "")
      }
      return try Picture(text)
    }
  }
}
