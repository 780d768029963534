import Foundation
import Testing

@testable import BBBReports

/// The page in a browser: it is opened as it is, in frames of several widths, and read and driven from outside.
@Suite(.serialized, .enabled(if: Browser.path != nil, "\(Browser.remedy)"))
struct SweepReportBrowserTests {
  /// Opens the page in frames of some widths, runs a script on them, and gives what it returns.
  ///
  /// The script sees `frames`, each with the `width`, `document` and `window` of one.
  private func run<Result: Decodable>(
    _ reports: [SweepReport], widths: [Int] = [1280], _ script: String,
    as type: Result.Type = Result.self
  ) throws -> Result {
    let frames = try reports.flatMap { report in
      let page = try report.html().escapedForAttribute
      return widths.map {
        "<iframe width=\"\($0)\" height=\"900\" srcdoc=\"\(page)\"></iframe>"
      }
    }
    let outcome = try Browser.open(
      """
      <!DOCTYPE html><meta charset="utf-8"><body>\(frames.joined())<pre id="outcome"></pre>
      <script>
      addEventListener("load", async () => {
        const frames = [...document.querySelectorAll("iframe")].map((frame) => ({
          width: Number(frame.width), document: frame.contentDocument, window: frame.contentWindow }));
        const { document: page, window: view } = frames[0];
        const one = (selector) => page.querySelector(selector);
        const every = (selector) => [...page.querySelectorAll(selector)];
        const point = (kind, node, x, y) => {
          const box = node.getBoundingClientRect();
          node.dispatchEvent(new view.PointerEvent(kind, {
            bubbles: true, clientX: box.left + x * box.width, clientY: box.top + y * box.height }));
        };
        const press = (node, key) =>
          node.dispatchEvent(new view.KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
        const run = async () => { \(script) };
        let result;
        try { result = { value: await run() }; } catch (error) { result = { error: String(error) }; }
        document.querySelector("#outcome").textContent =
          btoa(unescape(encodeURIComponent(JSON.stringify(result))));
      });
      </script>
      """)
    #expect(outcome.console.isEmpty, "\(outcome.console)")
    let text = try #require(
      outcome.document.firstMatch(of: /<pre id="outcome">([^<]+)<\/pre>/)?.1,
      "the browser did not run the test's script")
    let envelope = try JSONDecoder().decode(
      Envelope<Result>.self, from: try #require(Data(base64Encoded: String(text))))
    return try #require(envelope.value, "\(envelope.error ?? "nothing was returned")")
  }

  /// What a script returned, or why it did not.
  private struct Envelope<Value: Decodable>: Decodable {
    var value: Value?
    var error: String?
  }

  private static let both = [sampleCurve(), sampleCurve(criterion: "magnitude")]

  /// A number on the page.
  private struct Shown: Decodable {
    var curve: Int
    var key: String
    var value: String
    var text: String
    var isBare: Bool
    var format: String?
  }

  @Test func `arrow keys visit every point, and each number shown there is the JSON's`() throws {
    let report = try sampleReport(Self.both)
    let stops = try run(
      [report],
      """
      const plot = one("#chart-error .plot");
      press(plot, "Home");
      const result = [];
      for (let stop = 0; stop < \(usualCurve.points.count); stop += 1) {
        result.push(every("main data[data-key]").map((node) => ({
          curve: Number(node.dataset.curve), key: node.dataset.key, value: node.getAttribute("value"),
          text: node.textContent, isBare: node.dataset.bare !== undefined,
          format: node.dataset.format })));
        press(plot, "ArrowRight");
      }
      return result;
      """, as: [[Shown]].self)
    let model = ReportModel(report.curves)
    #expect(stops.count == usualCurve.points.count)
    for (stop, numbers) in stops.enumerated() {
      #expect(Set(numbers.map(\.key)).isSuperset(of: ["error", "mc_error", "auroc", "bytes"]))
      for number in numbers {
        let value = model.value(number.key, of: model.point(number.curve, at: stop))
        let format = try #require(model.formats[number.format ?? number.key])
        #expect(Double(number.value) == value, "\(number.key) at \(stop)")
        #expect(
          number.text == (number.isBare ? format.number(value) : format.text(value)),
          "\(number.key) at \(stop)")
      }
    }
  }

  @Test func `a pointer on a chart chooses the point under it everywhere, and shows its values`()
    throws
  {
    let texts = try run(
      [try sampleReport()],
      """
      const frame = one("#chart-bytes .frame");
      point("pointermove", frame, 0.02, 0.5);
      const first = [one("#tip").textContent, one(".slider output").textContent, one("#tip").hidden];
      point("pointermove", frame, 0.98, 0.5);
      const last = [one("#tip").textContent, one("#chart-nll .now").textContent.trim(),
        one("tr.on th").textContent, one("#sparsity").value, one("#chart-error .cursor").getAttribute("x1")];
      one("#chart-bytes .plot").dispatchEvent(new view.PointerEvent("pointerleave"));
      return [...first, ...last, one("#tip").hidden].map(String);
      """, as: [String].self)
    let points = usualCurve.points
    let format = try #require(ReportMeasure.formats["bytes"])
    #expect(texts[0] == "0 % sparsity" + format.text(Double(points[0].pruned.bytes)))
    #expect(texts[1] == "0 %" && texts[2] == "false")
    #expect(texts[3] == "99 % sparsity" + format.text(Double(points[5].pruned.bytes)))
    #expect(texts[4].contains(NumberText.fixed(points[5].nll, decimals: 4)))
    #expect(texts[5] == "99" && texts[6] == "5" && texts[7] == "98%" && texts[8] == "true")
  }

  @Test func `slider, buttons and table rows choose a sparsity, which is announced`() throws {
    let texts = try run(
      [try sampleReport()],
      """
      const shown = () => one(".slider output").textContent;
      const slider = one("#sparsity");
      const result = [shown()];
      slider.value = 2;
      slider.dispatchEvent(new view.Event("input", { bubbles: true }));
      result.push(shown(), slider.getAttribute("aria-valuetext"));
      one("#more").click();
      result.push(shown());
      one("tr[data-stop='4']").click();
      result.push(shown());
      await new Promise((resolve) => setTimeout(resolve, 1000));
      result.push(one("#status").textContent);
      one("#best").click();
      result.push(shown(), one("#best").hidden);
      return result.map(String);
      """, as: [String].self)
    #expect(
      Array(texts[..<5]) == ["50 %", "90 %", "90 % sparsity", "95 %", "98 %"])
    #expect(texts[5].contains("98 % sparsity") && texts[5].contains("3.00 %"), "\(texts[5])")
    #expect(Array(texts[6...]) == ["50 %", "true"])
  }

  @Test
  func `a pointer on the histogram tells the share of the weights below, and arrow keys move it`()
    throws
  {
    let report = try sampleReport()
    let histogram = try #require(report.histogram)
    let texts = try run(
      [report],
      """
      const frame = one("#chart-histogram .frame");
      const plot = one("#chart-histogram .plot");
      const text = () => one("#probe-text").textContent;
      const result = [text()];
      point("pointermove", frame, 0, 0.5);
      result.push(text());
      point("pointermove", frame, 1, 0.5);
      result.push(text(), one("#tip").textContent);
      press(plot, "ArrowLeft");
      result.push(text(), plot.getAttribute("aria-valuetext"));
      plot.dispatchEvent(new view.PointerEvent("pointerleave"));
      result.push(text());
      return result;
      """, as: [String].self)
    func sentence(_ edge: Int) -> String {
      let share = histogram.cumulativeShares[edge]
      let count = Int((share * Double(histogram.weightCount)).rounded())
      return "Below \(NumberText.fixed(histogram.edges[edge], decimals: 2)) dB:"
        + " \(NumberText.fixed(100 * share, decimals: 2)) % of the weights (\(count))."
    }
    let last = histogram.counts.count
    #expect(texts[1] == sentence(0))
    #expect(texts[2] == sentence(last) && texts[3] == texts[2])
    #expect(texts[4] == sentence(last - 1) && texts[5] == texts[4])
    #expect(texts[6] == texts[0])
  }

  /// Layers and pixels at a point.
  private struct Structure: Decodable {
    var layers: [Int]
    var bars: [String]
    var unused: Int
    var most: Int
    var pixel: String
    var paths: [String]
  }

  @Test func `layers and pixels follow the sparsity`() throws {
    let report = try sampleReport()
    let found = try run(
      [report],
      """
      press(one("#chart-error .plot"), "End");
      const picture = one("svg.pixels");
      point("pointermove", picture, 0.99, 0.99);
      const number = (field) => Number(one(`data[data-pixels="${field}"]`).value);
      return {
        layers: every("data[data-layer][data-field=kept]").map((node) => Number(node.value)),
        bars: every("rect[data-layer]").map((node) => node.getAttribute("width")),
        unused: number("unused"), most: number("most"), pixel: one("#pixel-text").textContent,
        paths: [...picture.querySelectorAll("path")].map((path) => path.getAttribute("d")) };
      """, as: Structure.self)
    let point = try #require(report.curves[0].points.last?.structure)
    #expect(found.layers == point.layers.map(\.kept))
    #expect(Set(found.bars).count == 1 && found.bars.count == 2)
    #expect(found.unused == 1 && found.most == point.connectionsPerInput.max())
    #expect(found.pixel == "Row 4, column 3: \(point.connectionsPerInput[11]) left.")
    #expect(found.paths == ReportPixels.outlines(point.connectionsPerInput, width: 3))
  }

  @Test(arguments: [false, true])
  func `no width makes the page scroll sideways`(hasManyCriteria: Bool) throws {
    let name = String(repeating: "a_very_long_name", count: 8)
    let curves =
      hasManyCriteria
      ? (0..<7).map { sampleCurve(criterion: "criterion\($0)") } : [sampleCurve(checkpoint: name)]
    var report = try sampleReport(curves)
    report.provenance.command = "bbbprune sweep \(name).safetensors --report \(name).html"
    let excess = try run(
      [report], widths: [320, 390, 768, 1280],
      """
      return frames.map(({ document: page }) =>
        page.documentElement.scrollWidth - page.documentElement.clientWidth);
      """, as: [Int].self)
    #expect(excess == [0, 0, 0, 0])
  }

  @Test func `curves that are easy to get wrong load without errors, and can be driven`() throws {
    let cases = SweepReportTests.hardCases
    let heads = try run(
      cases.map { try sampleReport($0.curves) },
      """
      return frames.map(({ document: page, window: view }) => {
        for (const plot of page.querySelectorAll(".plot")) {
          for (const key of ["Home", "ArrowRight", "End", "Escape"]) {
            plot.dispatchEvent(new view.KeyboardEvent("keydown", { key, bubbles: true }));
          }
          plot.dispatchEvent(new view.PointerEvent("pointermove", { bubbles: true, clientX: 400 }));
        }
        return page.querySelectorAll("h1").length;
      });
      """, as: [Int].self)
    #expect(heads == cases.map { _ in 1 })
  }
}

extension String {
  /// The text as an attribute in double quotes holds it, line breaks included.
  fileprivate var escapedForAttribute: String {
    replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "\"", with: "&quot;")
  }
}
