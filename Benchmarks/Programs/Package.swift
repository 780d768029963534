// swift-tools-version: 6.2

import PackageDescription

let package = Package(
  name: "Programs",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "bbbprune", path: "../..")],
  targets: [
    .executableTarget(
      name: "decoding-speed",
      dependencies: [.product(name: "BBBInference", package: "bbbprune")]),
    .executableTarget(
      name: "inference-speed",
      dependencies: [.product(name: "BBBInference", package: "bbbprune")]),
    .executableTarget(
      name: "ranking-speed",
      dependencies: [.product(name: "BBBPrune", package: "bbbprune")]),
  ])
