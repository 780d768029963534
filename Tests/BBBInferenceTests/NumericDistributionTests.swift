import BBBNetwork
import Foundation
import Testing

@testable import BBBInference

struct NumericDistributionTests {
  @Test func `the deviations of weights and noise add up as variances`() throws {
    let distribution = NumericDistribution(
      targetCount: 1, means: [1, 2], weightDeviations: [3, 0], noiseDeviations: [4, 0.5])
    #expect(distribution.exampleCount == 2)
    #expect(distribution.deviations == [5, 0.5])
    #expect(abs(try #require(distribution.lowerEnds)[0] - (1 - 9.79981992270027)) < 1e-12)
    #expect(abs(try #require(distribution.upperEnds)[1] - (2 + 0.979981992270027)) < 1e-12)
  }

  @Test func `densities and entropies are those of a normal distribution`() throws {
    let distribution = NumericDistribution(
      targetCount: 2, means: [1, -1], weightDeviations: [0, 3], noiseDeviations: [2, 4])
    let densities = try #require(try distribution.logDensities(of: [2, -1])).map { exp($0) }
    #expect(abs(densities[0] - exp(-0.125) / (2 * (2 * Double.pi).squareRoot())) < 1e-15)
    #expect(abs(densities[1] - 1 / (5 * (2 * Double.pi).squareRoot())) < 1e-15)
    let entropy = 0.5 * log(2 * Double.pi * exp(1) * 4) + 0.5 * log(2 * Double.pi * exp(1) * 25)
    #expect(abs(try #require(distribution.predictiveEntropies)[0] - entropy) < 1e-14)
    // What the weights add: ½ log((w² + n²)/n²).
    let information = try #require(OutputDistribution.numbers(distribution).mutualInformations)
    #expect(abs(information[0] - 0.5 * log(25.0 / 16)) < 1e-14)
  }

  @Test func `unknown noise leaves what needs it unknown`() throws {
    let distribution = NumericDistribution(targetCount: 1, means: [1], weightDeviations: [2])
    #expect(distribution.deviations == nil && distribution.lowerEnds == nil)
    #expect(try distribution.logDensities(of: [1]) == nil)
    #expect(distribution.predictiveEntropies == nil)
    #expect(OutputDistribution.numbers(distribution).mutualInformations == nil)
  }

  @Test func `draws have the mixture's mean and variance`() throws {
    var average = NumericAverage(
      NumericDistribution(targetCount: 1, means: [1e6 + 1, 5], noiseDeviations: [1, 2]))
    for (mean, noise) in [(1e6 + 2, 3.0), (1e6 + 6, 5.0)] {
      average.add(
        NumericDistribution(targetCount: 1, means: [mean, 5], noiseDeviations: [noise, 2]))
    }
    let distribution = average.distribution
    #expect(distribution.means == [1e6 + 3, 5])
    let deviations = try #require(distribution.weightDeviations)
    #expect(abs(deviations[0] - (14.0 / 3).squareRoot()) < 1e-9)
    #expect(deviations[1] == 0)
    #expect(abs(try #require(distribution.noiseDeviations)[0] - (35.0 / 3).squareRoot()) < 1e-14)
  }
}

/// How a network's outputs become what they mean.
struct OutputDistributionTests {
  @Test func `one logit is two classes, the other of which has the logit 0`() throws {
    let distribution = try OutputDistribution(
      outputs: [1.5, -40], outputCount: 1, meaning: .binary)
    let classes = try #require(distribution.classes)
    #expect(classes.classCount == 2)
    #expect(abs(exp(classes.logProbabilities[1]) - 1 / (1 + exp(-1.5))) < 1e-15)
    #expect(abs(classes.logProbabilities[3] + 40) < 1e-14)
    #expect(classes.predictions == [1, 0])
  }

  @Test func `the logarithm of a variance is twice that of a deviation`() throws {
    let distribution = try OutputDistribution(
      outputs: [1, 2, 0, Float(2 * log(3.0)), 3, 4, -2, 2], outputCount: 4,
      meaning: .meanAndLogVariance)
    let numbers = try #require(distribution.numbers)
    #expect(numbers.targetCount == 2)
    #expect(numbers.means == [1, 2, 3, 4])
    let noise = try #require(numbers.noiseDeviations)
    for (value, expected) in zip(noise, [1, 3, 0.36787944117144233, 2.718281828459045]) {
      #expect(abs(value - expected) < 1e-6)
    }
    #expect(numbers.weightDeviations == nil)
  }

  @Test func `an output that is no number stays none`() throws {
    let numbers = try #require(
      try OutputDistribution(
        outputs: [.nan, 1], outputCount: 1, meaning: .numbers(noiseDeviation: 1)
      ).numbers)
    #expect(numbers.means[0].isNaN && numbers.means[1] == 1)
    let classes = try #require(
      try OutputDistribution(outputs: [.nan], outputCount: 1, meaning: .binary).classes)
    #expect(classes.predictions == [-1] && classes.probabilities.allSatisfy(\.isNaN))
  }

  @Test func `moments of one logit are shrunk as those of two`() throws {
    let moments = OutputMoments(outputCount: 1, means: [2], variances: [3])
    let classes = try #require(try moments.distribution(as: .binary).classes)
    let shrunk = 2 / (1 + Double.pi / 8 * 3).squareRoot()
    #expect(abs(exp(classes.logProbabilities[1]) - 1 / (1 + exp(-shrunk))) < 1e-6)
    // The integral of the sigmoid over N(2, 3), which the shrunk logit approximates.
    let steps = 4000
    let integral = (0...steps).reduce(0.0) { sum, step in
      let z = -10 + 20 * Double(step) / Double(steps)
      let density = exp(-z * z / 2) / (2 * Double.pi).squareRoot() * 20 / Double(steps)
      return sum + density / (1 + exp(-2 - 3.squareRoot() * z))
    }
    #expect(abs(Double(classes.probabilities[1]) - integral) < 0.01)
    #expect(classes.mutualInformations[0] > 0)
  }

  @Test func `moments of numbers are deviations, of logarithms the mean of their exponential`()
    throws
  {
    let moments = OutputMoments(outputCount: 2, means: [1, 0.5], variances: [4, 0.25])
    let numbers = try #require(
      try moments.distribution(as: .numbers(noiseDeviation: 0.25)).numbers)
    #expect(numbers.means == [1, 0.5])
    #expect(numbers.weightDeviations == [2, 0.5])
    #expect(numbers.noiseDeviations == [0.25, 0.25])
    let noisy = try #require(try moments.distribution(as: .meanAndLogVariance).numbers)
    #expect(noisy.means == [1] && noisy.weightDeviations == [2])
    #expect(abs(try #require(noisy.noiseDeviations)[0] - exp(0.625 / 2)) < 1e-12)
  }
}
