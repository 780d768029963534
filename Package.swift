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
        "BBBErrors", "BBBNetwork", "BBBTensors", "BBBONNX", "BBBPosterior", "BBBInference",
        "BBBPruning", "BBBConditioning", "BBBDatasets", "BBBTraining", "BBBEvaluation",
        "BBBReports", "BBBExperiments",
      ]),
    .executable(name: "bbbprune", targets: ["bbbprune"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    // Reads the messages of ONNX files; BBBONNX alone depends on it.
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
    // SHA-256, by which downloads are checked; BBBInference does not depend on it.
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
  ],
  targets: [
    .systemLibrary(
      name: "CZlib",
      providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .target(name: "CBBBLibc"),
    .target(name: "CBBBKernels"),
    .target(name: "CBBBThreads"),
    // Pictures, by libraries that are loaded at run time.
    .target(name: "CBBBImages"),
    // The program's own: what it does when memory runs out or a signal comes. No library depends on it.
    .target(name: "CBBBProcess"),
    .target(name: "BBBErrors"),
    .target(name: "BBBNetwork", dependencies: ["BBBErrors", "CBBBLibc"]),
    .target(name: "BBBKernels", dependencies: ["BBBNetwork", "CBBBKernels", "CBBBThreads"]),
    .target(name: "BBBZlib", dependencies: ["CZlib"]),
    .target(
      name: "BBBTensors",
      dependencies: ["BBBErrors", "BBBKernels", "BBBZlib", "CBBBKernels", "CBBBLibc"]),
    .target(
      name: "BBBPosterior",
      dependencies: ["BBBErrors", "BBBNetwork", "BBBTensors", "CBBBLibc"]),
    .target(
      name: "BBBONNX",
      dependencies: [
        "BBBErrors", "BBBNetwork", "BBBTensors", "CBBBKernels", "CBBBLibc",
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ],
      exclude: ["Protobuf/onnx.proto"]),
    // What an app embeds: no Foundation, no other package, no BLAS. .ci/run sees to it.
    .target(
      name: "BBBInference",
      dependencies: [
        "BBBErrors", "BBBNetwork", "BBBKernels", "BBBZlib", "CBBBKernels", "CBBBLibc",
      ]),
    .target(
      name: "BBBPruning",
      dependencies: [
        "BBBErrors", "BBBNetwork", "BBBTensors", "BBBPosterior", "BBBInference", "BBBKernels",
        "CBBBKernels", "CBBBLibc",
      ]),
    .target(
      name: "BBBDatasets",
      dependencies: [
        "BBBErrors", "BBBNetwork", "BBBKernels", "BBBZlib", "BBBTensors", "CBBBImages", "CBBBLibc",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    // Loads BLAS and LAPACK when they are asked for.
    .target(name: "BBBLinearAlgebra", dependencies: ["CBBBLibc"]),
    .target(
      name: "BBBConditioning",
      dependencies: [
        "BBBErrors", "BBBNetwork", "BBBTensors", "BBBPosterior", "BBBInference", "BBBPruning",
        "BBBKernels", "BBBLinearAlgebra", "CBBBKernels", "CBBBLibc",
      ]),
    .target(
      name: "BBBTraining",
      dependencies: [
        "BBBErrors", "BBBLinearAlgebra", "BBBNetwork", "BBBKernels", "BBBZlib", "BBBTensors",
        "BBBPosterior",
        "BBBDatasets", "CBBBKernels", "CBBBLibc",
      ]),
    .target(
      name: "BBBEvaluation",
      dependencies: [
        "BBBNetwork", "BBBTensors", "BBBPosterior", "BBBInference", "BBBPruning",
        "BBBConditioning",
        "BBBDatasets", "BBBKernels", "CBBBLibc",
      ]),
    .target(
      name: "BBBReports",
      dependencies: [
        "BBBErrors", "BBBInference", "BBBPruning", "BBBDatasets", "BBBEvaluation", "CBBBLibc",
      ],
      // In the code, not beside it: the tool is one file wherever it is copied to.
      resources: [.embedInCode("Page/page.css"), .embedInCode("Page/page.js")]),
    .target(
      name: "BBBExperiments",
      dependencies: [
        "BBBPosterior", "BBBTraining", "BBBDatasets", "BBBReports", "BBBTensors", "BBBKernels",
        "BBBZlib",
      ]),
    .target(
      name: "BBBFixtures", path: "fixtures", exclude: ["README.md", "golden"],
      resources: [.copy("synthetic-digits.safetensors"), .copy("mnist.safetensors")]),
    .executableTarget(
      name: "bbbprune",
      dependencies: [
        "BBBFixtures", "CBBBProcess",
        "BBBErrors", "BBBTensors", "BBBONNX", "BBBPosterior", "BBBInference", "BBBPruning",
        "BBBConditioning",
        "BBBDatasets", "BBBEvaluation", "BBBReports", "BBBTraining", "BBBExperiments", "BBBKernels",
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
    .testTarget(name: "BBBErrorsTests", dependencies: ["BBBErrors"]),
    .testTarget(
      name: "BBBNetworkTests", dependencies: ["BBBNetwork", "NetworkReference", "TestSupport"]),
    .testTarget(name: "BBBKernelsTests", dependencies: ["BBBKernels"]),
    .testTarget(name: "BBBZlibTests", dependencies: ["BBBZlib"]),
    .testTarget(
      name: "BBBTensorsTests", dependencies: ["BBBTensors", "CBBBKernels", "TestSupport"],
      exclude: ["make_fixtures.py"],
      resources: [.copy("Fixtures")]),
    .testTarget(
      name: "BBBPosteriorTests",
      dependencies: ["BBBNetwork", "BBBTensors", "BBBPosterior", "TestSupport", "NetworkReference"]),
    .testTarget(
      name: "BBBInferenceTests",
      dependencies: [
        "BBBInference", "BBBKernels", "BBBNetwork", "BBBZlib", "CBBBKernels", "NetworkReference",
        "TestSupport",
      ]),
    .testTarget(
      name: "BBBONNXTests",
      dependencies: [
        "BBBNetwork", "BBBONNX", "BBBTensors", "NetworkReference", "TestSupport",
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ],
      resources: [.copy("Scripts")]),
    .testTarget(
      name: "BBBPruningTests",
      dependencies: [
        "BBBNetwork", "BBBTensors", "BBBONNX", "BBBPosterior", "BBBInference", "BBBPruning",
        "BBBKernels", "CBBBKernels", "NetworkReference", "TestSupport",
      ]),
    .testTarget(
      name: "BBBDatasetsTests",
      dependencies: [
        "BBBDatasets", "BBBNetwork", "BBBTensors", "BBBZlib", "TestSupport",
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      resources: [.copy("Scripts")]),
    .testTarget(
      name: "BBBConditioningTests",
      dependencies: [
        "BBBConditioning", "BBBInference", "BBBKernels", "BBBLinearAlgebra", "BBBNetwork",
        "BBBPruning", "BBBTensors", "CBBBLibc", "NetworkReference", "TestSupport",
      ]),
    .testTarget(
      name: "BBBTrainingTests",
      dependencies: [
        "BBBNetwork", "BBBTraining", "BBBDatasets", "BBBInference", "BBBPosterior", "BBBTensors",
        "BBBKernels", "CBBBKernels", "NetworkReference", "TestSupport",
      ]),
    .testTarget(
      name: "BBBEvaluationTests",
      dependencies: [
        "BBBNetwork", "BBBTensors", "BBBONNX", "BBBPosterior", "BBBInference", "BBBPruning",
        "BBBDatasets", "BBBEvaluation", "EvaluationSamples", "NetworkReference", "TestSupport",
        "CBBBLibc",
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
        "bbbprune", "BBBDatasets", "BBBErrors", "BBBTensors", "BBBInference", "BBBKernels",
        "TestSupport",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
  ]
)
