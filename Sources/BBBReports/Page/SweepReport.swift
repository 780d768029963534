import BBBDatasets
import BBBEvaluation

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A sweep as one page of HTML that needs nothing but itself: for people to look at, on any screen or paper.
///
/// The page holds the sweep's JSON, and all its numbers are that JSON's. Verdict, charts and tables need no
/// script; with it, a sparsity is chosen for all of them at once. It loads nothing: a content security
/// policy permits its own script and style sheet, by their checksums, and no others.
public struct SweepReport: Sendable {
  /// The measurements.
  public var curves: [SweepCurve]
  /// The distribution of the signal-to-noise ratios; `nil` if the weights have none.
  public var histogram: SignalToNoiseHistogram?
  /// The extents of one example, which tell whether the inputs are a picture.
  public var exampleShape: [Int]
  /// What it was made from and with.
  public var provenance: ReportProvenance

  /// Creates a report.
  ///
  /// - Parameters:
  ///   - curves: The measurements.
  ///   - histogram: The distribution of the signal-to-noise ratios, if the weights have any.
  ///   - exampleShape: The extents of one example.
  ///   - provenance: What it was made from and with.
  public init(
    curves: [SweepCurve], histogram: SignalToNoiseHistogram?, exampleShape: [Int],
    provenance: ReportProvenance
  ) {
    self.curves = curves
    self.histogram = histogram
    self.exampleShape = exampleShape
    self.provenance = provenance
  }

  /// What the page's script needs beside the JSON of the sweep.
  private struct Details: Encodable {
    var stops: [ReportModel.Stop]
    var chosen: Int
    var formats: [String: ReportFormat]
    var charts: [String: [ReportModel.Series]]
    var histogram: SignalToNoiseHistogram?
    var bars: [[[Double]]]
    var pictures: ReportPixels.Content?
  }

  /// The page; the same report gives the same text.
  ///
  /// - Returns: An HTML document.
  /// - Throws: `EncodingError`; measurements that are not finite do not cause it, being `null`.
  public func html() throws -> String {
    let model = ReportModel(curves)
    let charts = ReportMeasure.all.compactMap { ReportChart($0, of: model) }
    let layers = ReportLayers(model)
    let pixels = ReportPixels(model, exampleShape: exampleShape)
    let summary = ReportSummary(model: model)
    let details = Details(
      stops: model.stops, chosen: model.chosen, formats: model.formats,
      charts: Dictionary(uniqueKeysWithValues: charts.map { ($0.measure.id, $0.series) }),
      histogram: histogram, bars: layers?.bars ?? [], pictures: pixels?.content)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let detailText = String(decoding: try encoder.encode(details), as: UTF8.self)
    let style = String(decoding: PackageResources.page_css, as: UTF8.self)
    let script = String(decoding: PackageResources.page_js, as: UTF8.self)
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8"/>
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
      style-src '\(Self.source(style))'; script-src '\(Self.source(script))'; base-uri 'none'; form-action 'none'"/>
      <meta name="viewport" content="width=device-width, initial-scale=1"/>
      <meta name="color-scheme" content="light dark"/>
      <meta name="generator" content="bbbprune"/>
      <title>\(ReportSummary.title(curves).escaped)</title>
      <style>\(style)</style>
      </head>
      <body>
      \(ReportLegend.markers)
      <main>
      \(summary.header)
      \(summary.slider)
      \(summary.controls)
      <section aria-labelledby="curves">
      <h2 id="curves">Against sparsity</h2>
      <p class="lead">Each point is a real file that was pruned, encoded, read back and run; so is the file that 'export' \
      writes by default. The horizontal scale \
      widens towards 100 %: equal distances are equal factors of the weights left.</p>
      \(ReportLegend.html(model))
      <div class="charts">
      \(charts.map(\.html).joined(separator: "\n"))
      </div>
      </section>
      \(histogram.map { ReportHistogram(model: model, histogram: $0).html } ?? "")
      \(layers?.html ?? "")
      \(pixels?.html ?? "")
      \(ReportTables(model: model).html)
      \(provenance.html)
      </main>
      <div id="tip" hidden="" aria-hidden="true"></div>
      <script type="application/json" id="sweep">\(Self.inScript(try SweepJSON.encode(curves)))</script>
      <script type="application/json" id="details">\(Self.inScript(detailText))</script>
      <script>\(script)</script>
      </body>
      </html>

      """
  }

  /// The name by which a content security policy permits a script or style sheet.
  private static func source(_ content: String) -> String {
    "sha256-" + SHA256Digest(of: Array(content.utf8)).base64
  }

  /// JSON in which no text can end the element that holds it.
  private static func inScript(_ json: String) -> String {
    json.split(separator: "<", omittingEmptySubsequences: false).joined(separator: "\\u003c")
  }
}
