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
  /// The command that writes what the page recommends, quoted for a shell; `nil` if it recommends nothing.
  public var nextCommand: String?

  /// Creates a report.
  ///
  /// - Parameters:
  ///   - curves: The measurements.
  ///   - histogram: The distribution of the signal-to-noise ratios, if the weights have any.
  ///   - exampleShape: The extents of one example.
  ///   - provenance: What it was made from and with.
  ///   - nextCommand: The command that writes what the page recommends, if it recommends anything.
  public init(
    curves: [SweepCurve], histogram: SignalToNoiseHistogram?, exampleShape: [Int],
    provenance: ReportProvenance, nextCommand: String? = nil
  ) {
    self.curves = curves
    self.histogram = histogram
    self.exampleShape = exampleShape
    self.provenance = provenance
    self.nextCommand = nextCommand
  }

  /// What the page's script needs beside the JSON of the sweep; every text in it is one that the program made.
  private struct Details: Encodable {
    var stops: [ReportModel.Stop]
    var chosen: Int
    var texts: [String: [[String]]]
    var units: [String: String]
    var charts: [String: [ReportModel.Series]]
    var histogram: SignalToNoiseHistogram?
    var probes: [String]
    var layers: [[ReportLayers.State]]
    var pictures: ReportPixels.Content?
  }

  /// The page; the same report gives the same text.
  ///
  /// - Returns: An HTML document.
  /// - Throws: `EncodingError`; measurements that are not finite do not cause it, being `null`.
  public func html() throws -> String {
    let model = ReportModel(curves)
    let charts = ReportMeasure.all.compactMap { ReportChart($0, of: model) }
    let criteria = ReportCriteria(model)
    let layers = ReportLayers(model)
    let pixels = ReportPixels(model, exampleShape: exampleShape)
    let summary = ReportSummary(model: model)
    let details = Details(
      stops: model.stops, chosen: model.chosen, texts: model.texts,
      units: model.formats.mapValues(\.unit),
      charts: Dictionary(
        uniqueKeysWithValues: (charts + (criteria?.charts ?? [])).map { ($0.id, $0.series) }),
      histogram: histogram, probes: histogram.map(ReportHistogram.probes) ?? [],
      layers: layers?.states ?? [], pictures: pixels?.content)
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
      \(criteria?.html ?? "")
      \(histogram.map { ReportHistogram(model: model, histogram: $0).html } ?? "")
      \(layers?.html ?? "")
      \(pixels?.html ?? "")
      \(ReportTables(model: model).html)
      \(provenance.html)
      \(nextCommand.map(Self.next) ?? "")
      </main>
      <div id="tip" hidden="" aria-hidden="true"></div>
      <script type="application/json" id="sweep">\(Self.inScript(try SweepJSON.encode(curves)))</script>
      <script type="application/json" id="details">\(Self.inScript(detailText))</script>
      <script>\(script)</script>
      </body>
      </html>

      """
  }

  /// What to do with what the page tells.
  private static func next(_ command: String) -> String {
    """
    <section aria-labelledby="next">
    <h2 id="next">Next</h2>
    <p class="lead">This writes the recommended file:</p>
    \(ReportProvenance.commandHTML(command, label: "The next command"))
    </section>
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
