import BBBEvaluation
import Crypto
import Foundation
import TestSupport
import Testing

@testable import BBBReports

/// The page that `sweep --report` writes, as text; what it does in a browser is tested in one.
struct SweepReportTests {
  /// Curves that are easy to get wrong.
  static let hardCases: [(name: String, curves: [SweepCurve])] = {
    var broken = sampleCurve()
    broken.points[2].pruned.scores.nll = .infinity
    broken.points[3].pruned.scores.ece = .nan
    broken.points[4].pruned.errorHigh = .nan
    broken.points[5].latency = nil
    var unequal = sampleCurve(criterion: "magnitude")
    unequal.points.removeSubrange(2...3)
    return [
      ("no curves", []), ("no points", [curve([])]), ("one point", [curve([point(sparsity: 0)])]),
      ("everything removed", [curve([point(sparsity: 0), point(sparsity: 1, worse: 9000)])]),
      ("neither layers nor pixels", [usualCurve]), ("not finite", [broken]),
      ("points of one curve only", [sampleCurve(), unequal]), ("units", unitCurves),
      ("six criteria", (0..<6).map { sampleCurve(criterion: "criterion \($0)") }),
    ]
  }()

  /// Whole units removed by two criteria, which have only the unpruned point in common.
  static let unitCurves: [SweepCurve] = {
    var worse = sampleCurve(criterion: "magnitude")
    worse.points = [0, 2].map { worse.points[$0] }
    worse.points[1].pruned.pValue = 0.001
    var better = sampleCurve()
    better.points.remove(at: 2)
    return [worse, better].map { curve in
      var curve = curve
      for index in curve.points.indices { curve.points[index].units = 2000 - 100 * index }
      return curve
    }
  }()

  @Test func `where the first curve has no point, the page still tells the sparsity`() throws {
    let report = try sampleReport(Self.unitCurves)
    let model = ReportModel(report.curves)
    let stop = model.stops[model.chosen]
    #expect(stop.points[0] == nil && stop.sparsity == 0.95)
    let html = try report.html()
    let shown = "<data data-curve=\"0\" data-key=\"sparsity\" value=\"0.95\">95 %</data>"
    #expect(html.contains("<h2 id=\"chosen\">At \(shown) sparsity by magnitude</h2>"))
    #expect(html.contains("aria-live=\"off\">\(shown)</output>"))
    #expect(!html.contains("class=\"left\""))
    // Picture and layers are the first curve's, without numbers until a point of it is chosen.
    #expect(html.components(separatedBy: "<svg class=\"pixels").count == 2)
    #expect(html.contains("data-pixels=\"most\" value=\"\">–</data>"))
    #expect(html.contains("data-layer=\"1\" data-field=\"kept\" value=\"\">–</data>"))
    #expect(!html.contains("– at 95 % sparsity"))
  }

  @Test func `units removed as a whole are told of, and counted in the tables`() throws {
    let html = try sampleReport(Self.unitCurves).html()
    #expect(html.contains("hidden units removed as a whole"))
    #expect(html.contains("<data class=\"units\" value=\"1900.0\">1,900</data>"))
    #expect(try !sampleReport().html().contains("hidden units"))
  }

  @Test(arguments: [("snr", true), ("snr-magnitude", false), ("bmr", false)])
  func `only thresholds of |μ| over σ cut the histogram`(criterion: String, cuts: Bool) throws {
    let html = try sampleReport([sampleCurve(criterion: criterion)]).html()
    #expect(html.contains("data-chart=\"histogram\" data-curve=\"0\"") == cuts)
    #expect(html.contains("removed up to") == cuts)
  }

  @Test func `a file that is larger than float32 is not called smaller`() throws {
    var curve = sampleCurve()
    for index in curve.points.indices { curve.points[index].pruned.ratio = 0.8 }
    #expect(try sampleReport([curve]).html().contains(">1.2 times larger than float32</data>"))
    for index in curve.points.indices { curve.points[index].pruned.ratio = 4 }
    #expect(try sampleReport([curve]).html().contains(">4.0 times smaller than float32</data>"))
  }

  @Test(arguments: hardCases.indices)
  func `is well formed, and whatever is referred to is there`(index: Int) throws {
    let (name, curves) = Self.hardCases[index]
    let picture = try ReportContent(sampleReport(curves)).picture
    let ids = picture.elements.compactMap { $0.attributes["id"] }
    #expect(Set(ids).count == ids.count, "\(name)")
    for (_, attributes) in picture.elements {
      for key in ["aria-labelledby", "for"] {
        if let id = attributes[key] { #expect(ids.contains(id), "\(name): \(id)") }
      }
      if let place = attributes["href"] {
        #expect(ids.contains(String(place.dropFirst())), "\(name): \(place)")
      }
      for key in ["x", "y", "x1", "y1", "width", "points", "d", "value", "fill-opacity"] {
        let value = attributes[key] ?? ""
        #expect(!value.contains("nan") && !value.contains("inf"), "\(name): \(value)")
      }
    }
    #expect(picture.count("h1") == 1 && picture.count("main") == 1)
  }

  /// The classes of colour and the marker of the lines of a chart that have markers.
  private func marks(_ chart: Substring) -> Set<String> {
    Set(
      chart.matches(of: /<use href="#(marker\d)" class="dot (c\d)/).map { "\($0.1) \($0.2)" })
  }

  @Test func `of seven criteria the first has the tiles, and each other one a chart of its own`()
    throws
  {
    let curves = (0..<7).map { sampleCurve(criterion: "criterion \($0)") }
    let html = try sampleReport(curves).html()
    let one = try sampleReport().html()
    #expect(
      html.components(separatedBy: "<dt>").count == one.components(separatedBy: "<dt>").count)
    let charts = (1..<7).map { number in
      html.components(separatedBy: "id=\"chart-criterion-\(number)\"").dropFirst().first?
        .components(separatedBy: "</figure>").first ?? ""
    }
    #expect(charts.allSatisfy { !$0.isEmpty })
    let marks = charts.map { self.marks($0[...]) }
    #expect(marks.allSatisfy { $0.count == 1 } && Set(marks).count == 6)
    #expect(Set(marks.flatMap { $0 }.map { $0.prefix(7) }).count == 6)
    for (number, chart) in charts.enumerated() {
      #expect(chart.contains(">criterion \(number + 1)</span>"))
      // The first curve, to compare with, and the same axis.
      #expect(chart.contains("<polyline class=\"line reference\""))
      #expect(chart.contains("Holds up to 50 %"))
    }
    func labels(_ chart: String) -> [String] {
      chart.matches(of: /<text class="row"[^>]*>([^<]+)</).map { String($0.1) }
    }
    #expect(Set(charts.map(labels)).count == 1)
    // What tells lines apart stands above each chart and nowhere else.
    #expect(html.components(separatedBy: "<ul class=\"legend\">").count == 2)
    #expect(html.components(separatedBy: "<li>").count <= 10)
  }

  @Test func `main numbers are those of the file that an export writes by default`() throws {
    let html = try sampleReport([exportedCurve]).html()
    let figures = try #require(
      html.components(separatedBy: "<dl class=\"figures\">").last?.components(separatedBy: "</dl>")
        .first)
    let chosen = try #require(exportedCurve.recommendation)
    #expect(chosen.sparsity == 0.5)
    let bytes = NumberText.grouped(try #require(chosen.exported?.bytes))
    #expect(figures.contains("file size in bytes, as exported</dt>"))
    #expect(figures.contains("data-key=\"export_bytes\"") && figures.contains(">\(bytes)</data>"))
    #expect(!figures.contains("data-key=\"bytes\"") && !figures.contains("data-key=\"error\""))
  }

  @Test func `ends with the command to run next`() throws {
    let html = try sampleReport().html()
    let end = try #require(html.components(separatedBy: "<section").last)
    #expect(end.contains("bbbprune export 'it is.pt' --sparsity 0.5 -o &lt;it&gt;.bbbz</code>"))
    var report = try sampleReport()
    report.nextCommand = nil
    #expect(try !report.html().contains("id=\"next\""))
  }

  @Test func `latencies of small networks have digits`() throws {
    var curve = sampleCurve()
    for index in curve.points.indices {
      curve.points[index].latency = .init(singleMicroseconds: 0.0834, batchMicroseconds: 0.00412)
    }
    let html = try sampleReport([curve]).html()
    #expect(html.contains(">0.083 µs</data>") && html.contains(">0.0041 µs</data>"))
    #expect(
      [12.34, 0.999, 0.8, 0.0834, 0].map(NumberText.duration) == [
        "12.3", "1.0", "0.80", "0.083", "0.00",
      ])
  }

  @Test func `without a ratio to draw there is no histogram`() throws {
    var report = try sampleReport()
    #expect(try report.html().contains("id=\"chart-histogram\""))
    report.histogram = nil
    #expect(try !report.html().contains("id=\"chart-histogram\""))
  }

  @Test func `inputs that are no picture are not drawn as one`() throws {
    var report = try sampleReport()
    #expect(try report.html().contains("class=\"pixels"))
    for shape in [[12], [2, 3, 2], [4, 4]] {
      report.exampleShape = shape
      #expect(try !report.html().contains("class=\"pixels"), "\(shape)")
    }
    report.exampleShape = [1, 4, 3]
    #expect(try report.html().contains("class=\"pixels"))
  }

  @Test func `the same report gives the same page`() throws {
    #expect(try sampleReport().html() == sampleReport().html())
  }

  @Test func `holds the JSON of --json bit for bit`() throws {
    for curves in [[sampleCurve()], [sampleCurve(), sampleCurve(criterion: "magnitude")]] {
      #expect(try ReportContent(sampleReport(curves)).sweepText == SweepJSON.encode(curves))
    }
  }

  @Test func `names cannot leave their places`() throws {
    let hostile = "</script><img src=x onerror=alert(1)>\"'&\u{1}"
    var curve = sampleCurve(criterion: hostile, checkpoint: "folder/" + hostile)
    curve.dataset = hostile
    curve.ood = hostile
    for index in curve.points.indices { curve.points[index].structure?.layers[0].name = hostile }
    var report = try sampleReport([curve, sampleCurve(checkpoint: "other")])
    report.provenance = ReportProvenance(
      command: hostile, inputs: [.init(role: hostile, name: hostile, digest: hostile)],
      environment: [(hostile, hostile)])
    let content = try ReportContent(report)
    #expect(!content.html.contains("<img"))
    #expect(content.html.components(separatedBy: "</script>").count == 4)
    let picture = try content.picture
    #expect(picture.count("script") == 3)
    #expect(picture.elements.allSatisfy { !$0.attributes.keys.contains { $0.hasPrefix("on") } })
    let text = try content.sweepText
    #expect(
      text.replacingOccurrences(of: "\\u003c", with: "<") == (try SweepJSON.encode(report.curves)))
  }

  @Test func `needs nothing but itself, and permits nothing else`() throws {
    let content = try ReportContent(sampleReport())
    for reference in ["http:", "https:", "src=", "@import", "<link"] {
      #expect(!content.html.contains(reference), "\(reference)")
    }
    // Parts of the page itself, which begin with a number sign, may be referred to.
    #expect(content.html.contains("url(#"))
    #expect(content.html.firstMatch(of: /url\(\s*[^#\s]/) == nil)
    #expect(try content.picture.elements.allSatisfy { $0.attributes["style"] == nil })
    for (kind, element) in [("style-src", "style"), ("script-src", "script")] {
      let text = try content.content(of: "<\(element)>", "</\(element)>")
      let digest = Data(SHA256.hash(data: Data(text.utf8))).base64EncodedString()
      #expect(content.html.contains("\(kind) 'sha256-\(digest)'"))
    }
    #expect(content.html.contains("default-src 'none'"))
  }

  @Test func `without its data the page is small`() throws {
    let report = try sampleReport([curve([])])
    #expect(try report.html().utf8.count < 60_000)
  }

  /// The web content accessibility guidelines 2.2, criterion 1.4.3: 4.5 to 1 for text.
  @Test(arguments: [0, 1])
  func `text stands out from the paper, in light and in dark`(scheme: Int) throws {
    let style = try ReportContent(sampleReport()).content(of: "<style>", "</style>")
    let palettes = style.components(separatedBy: "--paper:").dropFirst().prefix(2)
    let palette = try #require(palettes.dropFirst(scheme).first)
    func luminance(_ text: Substring) throws -> Double {
      let number = try #require(Int(text, radix: 16))
      let channels = [16, 8, 0].map { shift -> Double in
        let value = Double(number >> shift & 255) / 255
        return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
      }
      return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]
    }
    let paper = try luminance(#require(palette.firstMatch(of: /#([0-9a-f]{6})/)?.1))
    let inks = palette.matches(of: /--(ink|soft|c[0-6]): #([0-9a-f]{6})/)
    #expect(inks.count == 9)
    for ink in inks {
      let pair = [paper, try luminance(ink.2)].sorted()
      #expect((pair[1] + 0.05) / (pair[0] + 0.05) >= 4.5, "\(ink.1)")
    }
  }

  /// Cells of the tables: the JSON's value beside the text shown.
  @Test func `each table shows the JSON's numbers, rounded`() throws {
    let report = try sampleReport()
    let content = try ReportContent(report)
    let points = try JSONDecoder().decode(Points.self, from: Data(content.sweepText.utf8)).points
    let table = try content.content(of: "<table class=\"points\">", "</table>")
    let rows = table.components(separatedBy: "<tr data-stop").dropFirst()
    #expect(rows.count == points.count && points.count == usualCurve.points.count)
    for (row, point) in zip(rows, points) {
      let cells = row.matches(
        of: /<data class="([a-z_]+)" value="([^"]*)">([^<]*)<\/data>/)
      #expect(cells.count > 14)
      for cell in cells {
        let value = point[String(cell.1)]?.value
        #expect(Double(cell.2) == value, "\(cell.1)")
        guard let value else {
          #expect(cell.3 == "–")
          continue
        }
        let isPercent = ["sparsity", "error", "error_low", "error_high", "ece", "aurc", "auroc"]
          .contains(cell.1)
        let shown = cell.3.replacing(",", with: "").replacing("×", with: "")
        guard !shown.hasPrefix("&lt;"), !shown.hasPrefix("<") else { continue }
        let decimals = shown.split(separator: ".").dropFirst().first?.count ?? 0
        let tolerance = 0.500001 * pow(10, -Double(decimals))
        let number = try #require(Double(shown), "\(cell.1): \(cell.3)")
        #expect(abs(number - value * (isPercent ? 100 : 1)) <= tolerance, "\(cell.1): \(cell.3)")
      }
    }
  }

  private struct Points: Decodable {
    var points: [[String: JSONNumber]]
  }

  /// A number, or null or a list, which tables do not show.
  private struct JSONNumber: Decodable {
    var value: Double?

    init(from decoder: any Decoder) throws {
      value = try? decoder.singleValueContainer().decode(Double.self)
    }
  }

  @Test func `the runs of pixels cover each pixel once, in its shade`() throws {
    var generator = SeededGenerator(seed: 3)
    for most in [0, 1, 5, 1200] {
      let (width, height) = (7, 5)
      let counts = (0..<width * height).map { _ in Int.random(in: 0...most, using: &generator) }
      var shades = [Int](repeating: 0, count: counts.count)
      for (index, path) in ReportPixels.outlines(counts, width: width).enumerated() {
        for run in path.matches(of: /M(\d+) (\d+)h(\d+)v1h-(\d+)z/) {
          let (x, y, length) = try (
            #require(Int(run.1)), #require(Int(run.2)), #require(Int(run.3))
          )
          #expect(run.3 == run.4 && x + length <= width)
          for place in y * width + x..<y * width + x + length {
            #expect(shades[place] == 0)
            shades[place] = index + 1
          }
        }
      }
      let highest = Double(max(counts.max() ?? 0, 1))
      #expect(shades == counts.map { Int((16 * Double($0) / highest).rounded(.up)) })
    }
  }
}
