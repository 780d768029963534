import BBBEvaluation

/// How sparse each layer is at the chosen sparsity, by the criterion that the page is about.
struct ReportLayers {
  /// What is left of a layer at one point, as the page's script shows it.
  struct State: Encodable {
    /// The length of the bar, in percent.
    var bar: Double
    var sparsity: Double
    var kept: Int
    /// The two as text.
    var sparsityText: String
    var keptText: String
  }

  /// What is left of each layer, by point and layer.
  let states: [[State]]
  private let layers: [RemainingStructure.Layer]
  private let axis: SparsityAxis
  private let chosen: Int?

  /// The layers; `nil` if none were recorded.
  init?(_ model: ReportModel) {
    let structures = (model.leadCurve?.points ?? []).map { $0.structure?.layers ?? [] }
    guard let layers = structures.first(where: { !$0.isEmpty }) else { return nil }
    let axis = SparsityAxis(structures.joined().map(\.sparsity).filter { 0...1 ~= $0 })
    self.layers = layers
    self.axis = axis
    chosen =
      model.stops.indices.contains(model.chosen)
      ? model.stops[model.chosen].points[ReportModel.lead] : nil
    states = structures.map {
      $0.map { layer in
        State(
          bar: (10_000 * axis.position(of: layer.sparsity)).rounded() / 100,
          sparsity: layer.sparsity, kept: layer.kept,
          sparsityText: ReportFormat.percent.text(layer.sparsity),
          keptText: NumberText.grouped(layer.kept))
      }
    }
  }

  var html: String {
    """
    <section aria-labelledby="layers">
    <h2 id="layers">Layer by layer</h2>
    <p class="lead">The share of each layer's weights that is removed, on a scale that widens towards 100 %.</p>
    <div class="scroll"><table class="layers">
    <caption class="hidden">Sparsity of each layer at the sparsity chosen</caption>
    <thead><tr><th scope="col">layer</th><th scope="col">\(ruler)</th>\
    <th scope="col" class="number">removed</th><th scope="col" class="number">left</th>\
    <th scope="col" class="number of">of</th></tr></thead>
    <tbody>
    \(layers.indices.map(row).joined(separator: "\n"))
    </tbody>
    </table></div>
    </section>
    """
  }

  private var ruler: String {
    let coarse = Set(axis.ticks(minimumDistance: 0.28).map(\.label))
    let ticks = axis.ticks(minimumDistance: 0.12).map { tick in
      let x = percentText(100 * tick.position)
      let fine = coarse.contains(tick.label) ? "" : " fine"
      return "<text class=\"column\(fine)\" x=\"\(x)%\" y=\"1em\">\(tick.label)</text>"
    }
    return
      "<span class=\"hidden\">bar</span><svg class=\"bar ruler\" aria-hidden=\"true\">\(ticks.joined())</svg>"
  }

  private func row(_ number: Int) -> String {
    let state = chosen.flatMap { point in
      states[point].indices.contains(number) ? states[point][number] : nil
    }
    let ticks = axis.ticks(minimumDistance: 0.12).map { tick in
      let x = percentText(100 * tick.position)
      return "<line class=\"grid\" x1=\"\(x)%\" x2=\"\(x)%\" y2=\"100%\"/>"
    }.joined()
    func data(_ field: String, _ value: String?, _ text: String?) -> String {
      "<data data-layer=\"\(number)\" data-field=\"\(field)\" value=\"\(value ?? "")\">"
        + "\(text ?? NumberText.missing)</data>"
    }
    return """
      <tr><th scope="row">\(layers[number].name.escaped)</th>\
      <td><svg class="bar" aria-hidden="true">\(ticks)\
      <rect class="c0" data-layer="\(number)" width="\(percentText(state?.bar ?? 0))%" height="100%"/></svg></td>\
      <td class="number">\(data("sparsity", state.map { "\($0.sparsity)" }, state?.sparsityText))</td>\
      <td class="number">\(data("kept", state.map { "\($0.kept)" }, state?.keptText))</td>\
      <td class="number of">\(NumberText.grouped(layers[number].weights))</td></tr>
      """
  }
}
