import BBBTensors

/// The first tensors of a list, each with name, shape and type, and how many more there are.
func listing(of tensors: [Tensor]) -> String {
  listing(of: tensors, limit: 30) { "\($0.name) \(shapeText($0.shape)) \($0.elementType)" }
}

/// The first names of a list, and how many more there are.
func listing(of names: [String]) -> String {
  listing(of: names, limit: 10) { $0 }
}

private func listing<Element>(
  of elements: [Element], limit: Int, text: (Element) -> String
) -> String {
  let rest = elements.count - limit
  let shown = elements.prefix(limit).map(text)
  return (shown + (rest > 0 ? ["… and \(rest) more"] : [])).joined(separator: ", ")
}
