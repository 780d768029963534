import BBBEvaluation

/// How sparse each layer is at the chosen sparsity.
struct ReportLayers {
  let model: ReportModel
  private let axis: SparsityAxis

  /// The layers; `nil` if none were recorded.
  init?(_ model: ReportModel) {
    let layers = model.curves.flatMap(\.points).compactMap(\.structure?.layers).joined()
    guard !layers.isEmpty else { return nil }
    self.model = model
    axis = SparsityAxis(layers.map(\.sparsity).filter { 0...1 ~= $0 })
  }

  /// The layers that a curve has rows for, with what is left of them at one of its points.
  private func layers(of curve: Int) -> [RemainingStructure.Layer] {
    model.curves[curve].points.lazy.compactMap(\.structure?.layers).first ?? []
  }

  /// What is left of a layer at the sparsity chosen; `nil` if the curve has no point there.
  private func current(_ number: Int, of curve: Int) -> RemainingStructure.Layer? {
    let layers = model.point(curve, at: model.chosen)?.structure?.layers ?? []
    return layers.indices.contains(number) ? layers[number] : nil
  }

  /// The length of each layer's bar in percent, by curve, point and layer.
  var bars: [[[Double]]] {
    model.curves.map { curve in
      curve.points.map { ($0.structure?.layers ?? []).map(length) }
    }
  }

  private func length(_ layer: RemainingStructure.Layer) -> Double {
    (10_000 * axis.position(of: layer.sparsity)).rounded() / 100
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
    \(rows.joined(separator: "\n"))
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

  private func text(
    _ layer: RemainingStructure.Layer?, _ missing: String = "",
    _ text: (RemainingStructure.Layer) -> String
  ) -> String {
    layer.map(text) ?? missing
  }

  private var rows: [String] {
    let count = model.curves.indices.map { layers(of: $0).count }.max() ?? 0
    let ticks = axis.ticks(minimumDistance: 0.12).map { tick in
      let x = percentText(100 * tick.position)
      return "<line class=\"grid\" x1=\"\(x)%\" x2=\"\(x)%\" y2=\"100%\"/>"
    }.joined()
    return (0..<count).flatMap { number in
      model.curves.indices.compactMap { curve -> String? in
        let layers = layers(of: curve)
        guard number < layers.count else { return nil }
        let layer = layers[number]
        let current = current(number, of: curve)
        let color = "c\((model.curves.count > 1 ? curve : 0) % 4)"
        let criterion =
          model.curves.count > 1
          ? " <span class=\"quiet\">\(model.curves[curve].label(among: model.curves).escaped)</span>"
          : ""
        let place = "data-curve=\"\(curve)\" data-layer=\"\(number)\""
        return """
          <tr><th scope="row">\(layer.name.escaped)\(criterion)</th>\
          <td><svg class="bar" aria-hidden="true">\(ticks)\
          <rect class="\(color)" \(place) width="\(percentText(current.map(length) ?? 0))%" height="100%"/></svg></td>\
          <td class="number"><data \(place) data-field="sparsity" value="\(text(current) { "\($0.sparsity)" })">\
          \(text(current, NumberText.missing) { ReportFormat.percent.text($0.sparsity) })</data></td>\
          <td class="number"><data \(place) data-field="kept" value="\(text(current) { "\($0.kept)" })">\
          \(text(current, NumberText.missing) { NumberText.grouped($0.kept) })</data></td>\
          <td class="number of">\(NumberText.grouped(layer.weights))</td></tr>
          """
      }
    }
  }
}
