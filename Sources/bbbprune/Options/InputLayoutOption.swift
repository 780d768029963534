import ArgumentParser
import BBBDatasets
import BBBNetwork

/// Where files have the channels of their examples.
struct InputLayoutOption: ParsableArguments {
  @Option(
    name: .customLong("input-layout"),
    help: ArgumentHelp(
      "Where arrays have their channels: channels-first (PyTorch) or channels-last (Keras, JAX). Default: where "
        + "they fit the network.", valueName: "layout"))
  var layout: InputLayout?

  /// What a network takes, of files that are so.
  func form(of network: Network) -> InputForm { InputForm(of: network, layout: layout) }
}

extension InputLayout: ExpressibleByArgument {}
