// swift-tools-version: 6.2

// The parsers alone, built for libFuzzer with the address sanitizer; `make fuzz` runs them.
//
// `Library` is a link to the package's own sources. A dependency on the package instead would build
// swift-crypto too, instrumented, which takes minutes and is not what is fuzzed.

import PackageDescription

// SwiftPM passes `--sanitize fuzzer --sanitize address` as two options, of which the compiler heeds
// the last only; so the second is given here. The debug configuration of the standard library's
// assertions checks what optimised code leaves out, such as the bounds of unsafe buffers.
let swift: [SwiftSetting] = [
  .unsafeFlags(["-sanitize=fuzzer,address", "-enable-testing", "-assert-config", "Debug"])
]

let package = Package(
  name: "Fuzz",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0")
  ],
  targets: [
    .systemLibrary(name: "CZlib", path: "Library/CZlib"),
    .target(
      name: "CBBBKernels", path: "Library/CBBBKernels",
      cSettings: [.unsafeFlags(["-fsanitize=fuzzer-no-link,address"])]),
    .target(
      name: "BBBZlib", dependencies: ["CZlib"], path: "Library/BBBZlib", swiftSettings: swift),
    .target(
      name: "CBBBThreads", path: "Library/CBBBThreads",
      cSettings: [.unsafeFlags(["-fsanitize=fuzzer-no-link,address"])]),
    .target(name: "CBBBLibc", path: "Library/CBBBLibc"),
    .target(name: "BBBErrors", path: "Library/BBBErrors", swiftSettings: swift),
    .target(
      name: "BBBKernels", dependencies: ["BBBNetwork", "CBBBKernels", "CBBBThreads"],
      path: "Library/BBBKernels", swiftSettings: swift),
    .target(
      name: "BBBTensors",
      dependencies: ["BBBErrors", "BBBKernels", "BBBZlib", "CBBBKernels", "CBBBLibc"],
      path: "Library/BBBTensors", swiftSettings: swift),
    .target(
      name: "BBBNetwork", dependencies: ["BBBErrors", "CBBBLibc"], path: "Library/BBBNetwork",
      swiftSettings: swift),
    .target(
      name: "BBBInference",
      dependencies: [
        "BBBErrors", "BBBNetwork", "BBBKernels", "BBBZlib", "CBBBKernels", "CBBBLibc",
      ],
      path: "Library/BBBInference", swiftSettings: swift),
    .target(
      name: "BBBDatasets", dependencies: ["BBBErrors", "BBBZlib", "BBBTensors"],
      swiftSettings: swift),
    .target(
      name: "BBBONNX",
      dependencies: [
        "BBBErrors", "BBBNetwork", "BBBTensors", "CBBBKernels", "CBBBLibc",
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ],
      path: "Library/BBBONNX", exclude: ["Protobuf/onnx.proto"], swiftSettings: swift),
    .systemLibrary(name: "CLibFuzzer"),
    .executableTarget(
      name: "Fuzz",
      dependencies: [
        "CLibFuzzer", "BBBZlib", "BBBKernels", "BBBTensors", "BBBNetwork", "BBBONNX",
        "BBBInference", "BBBDatasets", .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ],
      swiftSettings: swift + [.unsafeFlags(["-parse-as-library"])],
      linkerSettings: [
        .unsafeFlags(["-sanitize=fuzzer,address"]),
        .unsafeFlags(["-use-ld=lld"], .when(platforms: [.linux])),
      ]),
  ]
)
