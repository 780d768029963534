import BBBEvaluation
import CBBBLibc
import Testing

struct ClassificationResultTests {
  @Test func `predicts the class of the largest logit, the first of equals`() throws {
    let result = try ClassificationResult(
      logits: [1, 3, 2, 5, 5, 0, -2, -2, -2, 0, 1, 1], classCount: 3, labels: [1, 1, 0, 2])
    #expect(result.predictions == [1, 0, 0, 1])
    #expect(result.isCorrect == [true, false, true, false])
    #expect(result.errors == 2)
    #expect(result.count == 4)
    #expect(result.error == 0.5)
    #expect(result.errorInterval == WilsonInterval(errors: 2, count: 4))
  }

  @Test(arguments: 2...20)
  func `equal logits cost log K nats`(classCount: Int) throws {
    let result = try ClassificationResult(
      logits: [Float](repeating: 7, count: classCount), classCount: classCount, labels: [1])
    #expect(abs(result.negativeLogLikelihood - log(Double(classCount))) < 1e-14)
    #expect(abs(result.expectedCalibrationError - 1 / Double(classCount)) < 1e-14)
  }

  @Test func `two classes cost log(1 + exp(−margin))`() throws {
    for margin in [-30, -1, 0, 0.5, 2, 30] {
      let result = try ClassificationResult(
        logits: [Float(margin), 0], classCount: 2, labels: [0])
      #expect(abs(result.negativeLogLikelihood - log1p(exp(-margin))) < 1e-14)
    }
  }

  @Test func `an impossible label costs the distance of the logits, not infinity`() throws {
    let result = try ClassificationResult(logits: [3e38, -3e38], classCount: 2, labels: [1])
    #expect(result.negativeLogLikelihood == 2 * Double(Float(3e38)))
    #expect(result.expectedCalibrationError == 1)
  }

  @Test func `logarithms of probabilities are logits`() throws {
    let result = try ClassificationResult(
      logits: [log(0.7), log(0.2), log(0.1)].map(Float.init), classCount: 3, labels: [1])
    #expect(abs(result.negativeLogLikelihood - -log(0.2)) < 1e-7)
    #expect(abs(result.expectedCalibrationError - 0.7) < 1e-7)
  }

  @Test func `adding the same number to all logits of an example changes nothing`() throws {
    let logits: [Float] = [0.5, -1, 2, 4, 0, 1]
    let plain = try ClassificationResult(logits: logits, classCount: 3, labels: [2, 1])
    let shifted = try ClassificationResult(
      logits: logits.map { $0 + 64 }, classCount: 3, labels: [2, 1])
    #expect(plain == shifted)
  }

  @Test func `NaN is an error, and shows`() throws {
    let result = try ClassificationResult(
      logits: [.nan, 1, 0, 1, 0, 5], classCount: 3, labels: [1, 2])
    #expect(result.predictions == [-1, 2])
    #expect(result.errors == 1)
    #expect(result.negativeLogLikelihood.isNaN)
    #expect(result.expectedCalibrationError.isNaN)
  }

  // python3 -c 'import numpy as np; from scipy.special import log_softmax
  // n,K=60,4; i=np.arange(n*K); z=(((i*7919)%1009)/100-5).astype(np.float32).reshape(n,K)
  // y=(np.arange(n)*31)%K; ls=log_softmax(z.astype(float),axis=1); print(-ls[np.arange(n),y].mean())
  // c=np.exp(ls.max(1)); ok=z.argmax(1)==y; e=np.linspace(0,1,16)
  // m=[(c>a)&(c<=b) for a,b in zip(e,e[1:])]
  // print(sum(k.mean()*abs(ok[k].mean()-c[k].mean()) for k in m if k.any()), (~ok).sum())'
  @Test func `agrees with SciPy`() throws {
    let (count, classCount) = (60, 4)
    let logits = (0..<(count * classCount)).map { Float(Double(($0 * 7919) % 1009) / 100 - 5) }
    let labels = (0..<count).map { ($0 * 31) % classCount }
    let result = try ClassificationResult(logits: logits, classCount: classCount, labels: labels)
    #expect(abs(result.negativeLogLikelihood - 3.613277752196244) < 1e-12)
    #expect(abs(result.expectedCalibrationError - 0.5897530783136509) < 1e-12)
    #expect(result.errors == 46)
    #expect(Array(result.predictions.prefix(10)) == [1, 3, 0, 2, 0, 0, 3, 0, 1, 0])
  }
}
