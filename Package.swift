// swift-tools-version: 6.2

import PackageDescription

let package = Package(
  name: "bbbprune",
  platforms: [.macOS(.v15), .iOS(.v18)],
  products: [
    .library(name: "BBBInference", targets: ["BBBInference"]),
    .library(
      name: "BBBPrune",
      targets: [
        "BBBNetwork", "BBBTensors", "BBBPosterior", "BBBInference", "BBBPruning", "BBBDatasets",
        "BBBTraining", "BBBEvaluation", "BBBReports", "BBBExperiments",
      ]),
    .executable(name: "bbbprune", targets: ["bbbprune"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    // SHA-256, by which downloads are checked; BBBInference does not depend on it.
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
  ],
  targets: [
    .systemLibrary(
      name: "CZlib",
      providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .target(name: "CBBBKernels"),
    .target(name: "CBBBThreads"),
    // The program's own: what it does when memory runs out or a signal comes. No library depends on it.
    .target(name: "CBBBProcess"),
    .target(name: "BBBThreads", dependencies: ["CBBBThreads"]),
    .target(name: "BBBNetwork"),
    .target(name: "BBBZlib", dependencies: ["CZlib"]),
    .target(name: "BBBTensors", dependencies: ["BBBThreads", "BBBZlib", "CBBBKernels"]),
    .target(name: "BBBPosterior", dependencies: ["BBBNetwork", "BBBTensors"]),
    .target(
      name: "BBBInference", dependencies: ["BBBNetwork", "BBBThreads", "BBBZlib", "CBBBKernels"]),
    .target(
      name: "BBBPruning",
      dependencies: ["BBBTensors", "BBBPosterior", "BBBInference", "CBBBKernels"]),
    .target(
      name: "BBBDatasets",
      dependencies: [
        "BBBNetwork", "BBBThreads", "BBBZlib", "BBBTensors",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    .target(
      name: "BBBTraining",
      dependencies: [
        "BBBThreads", "BBBZlib", "BBBTensors", "BBBPosterior", "BBBDatasets", "CBBBKernels",
      ]),
    .target(
      name: "BBBEvaluation",
      dependencies: ["BBBTensors", "BBBPosterior", "BBBInference", "BBBPruning", "BBBDatasets"]),
    .target(
      name: "BBBReports",
      dependencies: ["BBBTensors", "BBBInference", "BBBPruning", "BBBDatasets", "BBBEvaluation"],
      // In the code, not beside it: the tool is one file wherever it is copied to.
      resources: [.embedInCode("Page/page.css"), .embedInCode("Page/page.js")]),
    .target(
      name: "BBBExperiments",
      dependencies: [
        "BBBPosterior", "BBBTraining", "BBBDatasets", "BBBReports", "BBBTensors", "BBBThreads",
        "BBBZlib",
      ]),
    .target(
      name: "BBBFixtures", path: "fixtures", exclude: ["README.md", "golden"],
      resources: [.copy("synthetic-digits.safetensors"), .copy("mnist.safetensors")]),
    .executableTarget(
      name: "bbbprune",
      dependencies: [
        "BBBFixtures", "CBBBProcess",
        "BBBTensors", "BBBPosterior", "BBBInference", "BBBPruning", "BBBDatasets",
        "BBBEvaluation", "BBBReports", "BBBTraining", "BBBExperiments",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .target(name: "TestSupport", path: "Tests/TestSupport"),
    .target(
      name: "NetworkReference", dependencies: ["BBBNetwork"], path: "Tests/NetworkReference"),
    .target(
      name: "EvaluationSamples",
      dependencies: [
        "BBBTensors", "BBBPosterior", "BBBInference", "BBBPruning", "BBBEvaluation", "TestSupport",
      ],
      path: "Tests/EvaluationSamples"),
    .testTarget(name: "BBBNetworkTests", dependencies: ["BBBNetwork", "NetworkReference", "TestSupport"]),
    .testTarget(name: "BBBThreadsTests", dependencies: ["BBBThreads"]),
    .testTarget(name: "BBBZlibTests", dependencies: ["BBBZlib", "TestSupport"]),
    .testTarget(
      name: "BBBTensorsTests", dependencies: ["BBBTensors", "CBBBKernels", "TestSupport"],
      exclude: ["make_fixtures.py"],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "BBBPosteriorTests", dependencies: ["BBBTensors", "BBBPosterior", "TestSupport"]),
    .testTarget(
      name: "BBBInferenceTests",
      dependencies: ["BBBInference", "BBBZlib", "CBBBKernels", "TestSupport"]),
    .testTarget(
      name: "BBBPruningTests",
      dependencies: [
        "BBBNetwork", "BBBTensors", "BBBPosterior", "BBBInference", "BBBPruning", "CBBBKernels",
        "TestSupport",
      ]),
    .testTarget(
      name: "BBBDatasetsTests",
      dependencies: [
        "BBBDatasets", "BBBTensors", "BBBZlib", "TestSupport",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    .testTarget(
      name: "BBBTrainingTests",
      dependencies: [
        "BBBTraining", "BBBDatasets", "BBBInference", "BBBPosterior", "BBBTensors", "CBBBKernels",
        "TestSupport",
      ]),
    .testTarget(
      name: "BBBEvaluationTests",
      dependencies: [
        "BBBTensors", "BBBPosterior", "BBBInference", "BBBPruning", "BBBDatasets",
        "BBBEvaluation", "EvaluationSamples", "TestSupport",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    .testTarget(
      name: "BBBReportsTests",
      dependencies: [
        "BBBPosterior", "BBBTensors", "BBBInference", "BBBPruning", "BBBDatasets", "BBBEvaluation",
        "BBBReports", "EvaluationSamples", "TestSupport",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    .testTarget(
      name: "BBBExperimentsTests",
      dependencies: [
        "BBBExperiments", "BBBDatasets", "BBBReports", "BBBPosterior", "BBBTraining",
        "TestSupport",
      ]),
    .testTarget(
      name: "bbbpruneTests",
      dependencies: [
        "bbbprune", "BBBDatasets", "BBBTensors", "BBBInference", "TestSupport",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
  ]
)
