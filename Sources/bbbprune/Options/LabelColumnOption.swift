import ArgumentParser

/// Which columns of a table are no inputs.
struct LabelColumnOption: ParsableArguments {
  @Option(
    name: .customLong("label-column"), parsing: .singleValue,
    help: ArgumentHelp(
      "The column of a CSV file that holds the class or the target; may be repeated for several targets. "
        + "Default: the last, where labels are needed.",
      valueName: "name"))
  var names: [String] = []
}
