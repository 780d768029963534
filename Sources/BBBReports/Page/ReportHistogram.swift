import BBBEvaluation
import BBBPruning

/// The histogram of signal-to-noise ratios, with the place where the chosen sparsity cuts.
struct ReportHistogram {
  let model: ReportModel
  let histogram: SignalToNoiseHistogram

  /// The curve whose thresholds are places on the histogram's axis, if any.
  ///
  /// Other criteria may be ratios as well, but of another kind.
  private var curve: Int? {
    model.curves.firstIndex { curve in
      curve.criterion == Criterion.signalToNoiseRatio.name
        && curve.points.contains { $0.thresholdDecibels != nil }
    }
  }

  /// What the page's script says at each edge between bins: the share of the weights below, which is known exactly there.
  static func probes(_ histogram: SignalToNoiseHistogram) -> [String] {
    zip(histogram.edges, histogram.cumulativeShares).map { edge, share in
      let count = Int((share * Double(histogram.weightCount)).rounded())
      return "Below \(NumberText.fixed(edge, decimals: 2)) dB:"
        + " \(NumberText.fixed(100 * share, decimals: 2)) % of the weights"
        + " (\(NumberText.grouped(count)))."
    }
  }

  /// The place of a ratio in percent of the histogram's width.
  private func x(_ decibels: Double) -> Double {
    guard let ends = histogram.bins.ends else { return 0 }
    let place = (decibels - ends.lowerBound) / (ends.upperBound - ends.lowerBound)
    return 100 * min(max(place, 0), 1)
  }

  var html: String {
    guard histogram.bins.count > 0 else { return "" }
    let percents = histogram.densities.map { $0 * 100 }
    let axis = ValueAxis(percents, emptyEnd: 1, scale: .linear)
    let point = curve.flatMap { model.point($0, at: model.chosen) }
    let cut = curve == nil ? 0 : x(point?.thresholdDecibels ?? -.infinity)
    let threshold = curve.map {
      "<span class=\"now\"><span>removed up to \(model.number("threshold_db", curve: $0))</span></span>"
    }
    let place = percentText(cut)
    return """
      <section aria-labelledby="ratios">
      <h2 id="ratios">Signal to noise</h2>
      <p class="lead">How sure the network is of each weight: |μ|/σ in decibels, of \
      \(NumberText.grouped(histogram.weightCount)) weights. \(sentence)</p>
      <figure class="chart main" id="chart-histogram">
      <figcaption><span class="name">Weights by |μ|/σ</span> <span class="unit">% of the weights per dB, square-root scale</span>
      \(threshold ?? "")</figcaption>
      <div class="plot" data-chart="histogram"\(curve.map { " data-curve=\"\($0)\"" } ?? "") role="img" \
      aria-label="\(description.escaped)">
      <svg class="frame" aria-hidden="true">
      \(grid(axis))
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" width="100%" height="100%">
      <clipPath id="left"><rect id="left-part" x="\(place)" width="100" height="100"/></clipPath>
      <path class="bars" d="\(outline(percents, axis))"/>
      <path class="bars kept" clip-path="url(#left)" d="\(outline(percents, axis))"/>
      </svg>
      \(curve == nil ? "" : "<line class=\"cursor\" x1=\"\(place)%\" x2=\"\(place)%\" y2=\"100%\"/>")
      <line class="probe" y2="100%"/>
      </svg>
      </div>
      <p class="meaning" id="probe-text">\(remark)</p>
      </figure>
      </section>
      """
  }

  private var sentence: String {
    SignalToNoiseText.description(histogram).map { "The histogram has \($0)." } ?? ""
  }

  private var remark: String {
    let outside = histogram.zeroCount + histogram.belowCount + histogram.removedCount
    guard let ends = histogram.bins.ends, outside + histogram.aboveCount > 0 else { return "" }
    let total = Double(histogram.weightCount)
    func share(_ count: Int) -> String {
      NumberText.fixed(100 * Double(count) / total, decimals: 2) + " %"
    }
    return
      "Not drawn: \(share(outside)) of the weights below \(NumberText.trimmed(ends.lowerBound)) dB"
      + " and \(share(histogram.aboveCount)) above \(NumberText.trimmed(ends.upperBound)) dB."
  }

  private var description: String {
    let cut = curve.flatMap { model.point($0, at: model.chosen) }.map {
      " At \(NumberText.trimmed($0.sparsity * 100)) % sparsity weights up to"
        + " \(NumberText.fixed($0.thresholdDecibels, decimals: 2)) dB are removed."
    }
    return "Histogram of signal-to-noise ratios in decibels. \(sentence)\(cut ?? "")"
  }

  /// The height of a value, whose square root is drawn: the few weights that are kept would else not be seen.
  private func y(_ percent: Double, _ axis: ValueAxis) -> Double {
    100 * (1 - axis.position(of: percent).squareRoot())
  }

  private func outline(_ percents: [Double], _ axis: ValueAxis) -> String {
    let width = 100 / Double(percents.count)
    let steps = percents.enumerated().map { index, percent in
      "V\(percentText(y(percent, axis)))"
        + "H\(percentText(Double(index + 1) * width))"
    }
    return "M0 100\(steps.joined())V100Z"
  }

  private func grid(_ axis: ValueAxis) -> String {
    let step = axis.tickValues.dropFirst().first ?? 1
    let rows = (axis.tickValues + [step / 10]).map { value in
      ReportGrid.row(NumberText.tick(value), y: y(value, axis))
    }
    let bins = histogram.bins
    let stride = (bins.rowCount + 7) / 8
    let ticks = Swift.stride(from: 0, through: bins.rowCount, by: stride).map { row in
      AxisTick(
        position: x(bins.edges[row * HistogramBins.binsPerRow]) / 100, label: bins.label(ofRow: row)
      )
    }
    let wide = ticks.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)
    return (rows + [ReportGrid.columns(ticks, wide: wide) { 100 * $0 }]).joined(separator: "\n")
  }
}
