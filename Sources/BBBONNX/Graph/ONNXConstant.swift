/// A value that does not depend on the inputs: an initializer, a view of one, or what was computed
/// from constants when the file was read.
public struct ONNXConstant: Sendable {
  /// Where elements come from.
  enum Content: Sendable {
    /// A tensor of the file, and how it is seen.
    case stored(ONNXTensor, [ONNXView])
    /// Elements that were computed.
    case computed(ONNXElements)
  }

  /// The type of the elements.
  public let elementType: ONNXElementType
  /// The extent of each dimension; empty for a scalar.
  public let shape: [Int]
  let content: Content

  /// The number of elements.
  public var count: Int { shape.reduce(1, *) }

  /// A tensor as it is in the file.
  init(_ tensor: ONNXTensor) {
    elementType = tensor.elementType
    shape = tensor.shape
    content = .stored(tensor, [])
  }

  /// Elements that were computed; of real numbers the nearest ones of the type are kept.
  ///
  /// - Precondition: There are as many as the shape says.
  init(elementType: ONNXElementType, shape: [Int], elements: ONNXElements) {
    self.elementType = elementType
    self.shape = shape
    if case .reals(let reals) = elements {
      content = .computed(.reals(reals.map(elementType.rounded)))
    } else {
      content = .computed(elements)
    }
  }

  private init(elementType: ONNXElementType, shape: [Int], content: Content) {
    self.elementType = elementType
    self.shape = shape
    self.content = content
  }

  /// The tensor of the file that the elements are those of; `nil` if they were computed.
  public var tensor: ONNXTensor? {
    if case .stored(let tensor, _) = content { tensor } else { nil }
  }

  /// How the tensor of the file is seen, in this order; empty if it is taken as it is.
  public var views: [ONNXView] {
    if case .stored(_, let views) = content { views } else { [] }
  }

  /// The constant seen in another way.
  func viewed(_ view: ONNXView) -> ONNXConstant {
    let type = if case .converted(let type) = view { type } else { elementType }
    let content: Content
    switch self.content {
    case .stored(let tensor, let views): content = .stored(tensor, views.appending(view, to: shape))
    case .computed(let elements): content = .computed(view.applied(to: elements, shape: shape))
    }
    return ONNXConstant(elementType: type, shape: view.shape(of: shape), content: content)
  }

  /// The elements.
  ///
  /// - Returns: As many as the shape says, row-major.
  /// - Throws: ``ONNXError`` if the file is damaged.
  public func elements() throws(ONNXError) -> ONNXElements {
    switch content {
    case .computed(let elements): return elements
    case .stored(let tensor, let views):
      var shape = tensor.shape
      var elements =
        try tensor.elementType.isFloatingPoint
        ? ONNXElements.reals(tensor.doubles())
        : .integers(tensor.integers().map(ONNXExtent.number))
      for view in views {
        elements = view.applied(to: elements, shape: shape)
        shape = view.shape(of: shape)
      }
      return elements
    }
  }

  /// The elements in single precision.
  ///
  /// - Returns: As many as the shape says, row-major.
  /// - Throws: ``ONNXError`` if they are no real numbers, or the file is damaged.
  public func floats() throws(ONNXError) -> [Float] {
    guard case .stored(let tensor, let views) = content else {
      guard case .reals(let reals) = try elements() else {
        throw ONNXError(
          .unsupported,
          "a constant of type \(elementType) is used as real numbers; export the network again")
      }
      return reals.map(Float.init)
    }
    var shape = tensor.shape
    var floats = try tensor.floats()
    for view in views {
      floats = view.applied(to: floats, shape: shape)
      shape = view.shape(of: shape)
    }
    return floats
  }
}
