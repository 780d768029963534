/// What a report's numbers were made from and with, so that they can be made again.
public struct ReportProvenance: Equatable, Sendable {
  /// A file that was read, or examples that need none.
  public struct Input: Equatable, Sendable {
    /// What it is for, such as `checkpoint`.
    public var role: String
    /// The file's name without its folder, or the examples' name.
    public var name: String
    /// The SHA-256 of the file in hexadecimal digits; `nil` if there is no file.
    public var digest: String?

    /// Describes an input.
    ///
    /// - Parameters:
    ///   - role: What it is for.
    ///   - name: The file's name without its folder, or the examples' name.
    ///   - digest: The SHA-256 of the file in hexadecimal digits, if it is one.
    public init(role: String, name: String, digest: String?) {
      self.role = role
      self.name = name
      self.digest = digest
    }
  }

  /// The command that makes the report again, quoted for a shell.
  public var command: String
  /// What was read.
  public var inputs: [Input]
  /// With what it was made, such as the version of the program: names and values.
  public var environment: [(name: String, value: String)]

  /// Puts a provenance together.
  ///
  /// - Parameters:
  ///   - command: The command, quoted for a shell.
  ///   - inputs: What was read.
  ///   - environment: With what it was made: names and values.
  public init(command: String, inputs: [Input], environment: [(name: String, value: String)]) {
    self.command = command
    self.inputs = inputs
    self.environment = environment
  }

  /// Whether two reports were made from and with the same.
  ///
  /// - Parameters:
  ///   - left: A provenance.
  ///   - right: Another one.
  /// - Returns: Whether all parts are equal.
  public static func == (left: ReportProvenance, right: ReportProvenance) -> Bool {
    left.command == right.command && left.inputs == right.inputs
      && left.environment.elementsEqual(right.environment, by: ==)
  }

  var html: String {
    let inputs = inputs.map { input in
      "<dt>\(input.role.escaped)</dt><dd>\(input.name.escaped)"
        + (input.digest.map { "<br/><code class=\"digest\">SHA-256 \($0.escaped)</code>" } ?? "")
        + "</dd>"
    }
    let environment = environment.map { "<dt>\($0.name.escaped)</dt><dd>\($0.value.escaped)</dd>" }
    return """
      <section aria-labelledby="origin">
      <h2 id="origin">Where this comes from</h2>
      \(Self.commandHTML(command, label: "The command of this page"))
      <dl class="origin">
      \((inputs + environment).joined(separator: "\n"))
      </dl>
      </section>
      """
  }

  /// A command to copy.
  ///
  /// - Parameters:
  ///   - command: The command.
  ///   - label: What screen readers call it.
  /// - Returns: Elements, of which the page's script shows the button.
  static func commandHTML(_ command: String, label: String) -> String {
    """
    <div class="command"><pre tabindex="0" aria-label="\(label)"><code>\(command.escaped)</code></pre>\
    <button type="button" class="copy" hidden="">copy</button></div>
    """
  }
}
