extension ONNXNode {
  /// The path of the module that the node comes from, as PyTorch's older exporter tells it in names
  /// such as `/layer1/layer1.0/conv1/Conv`: `layer1.0.conv1`; `nil` if the name is none of these.
  var modulePath: String? {
    var parts = name.split(separator: "/", omittingEmptySubsequences: false)
    // A module that is called again has its number behind the operator: Conv_1.
    guard parts.count > 2, parts.removeFirst().isEmpty, let last = parts.popLast(),
      last == operatorType || last.hasPrefix("\(operatorType)_"),
      parts.allSatisfy({ !$0.isEmpty })
    else { return nil }
    return parts.reduce(into: "") { path, part in
      // A module's child repeats the module's path, or is named alone.
      if path.isEmpty || part.hasPrefix("\(path).") {
        path = String(part)
      } else {
        path += ".\(part)"
      }
    }
  }
}
