import BBBNetwork
import NetworkReference

extension GraphNetwork {
  /// The network as its definitions read, in double precision.
  var reference: ReferenceNetwork {
    ReferenceNetwork(
      network,
      zip(matrices, network.parameters).map { values, parameter in
        ReferenceNetwork.weights(
          values.weights.map(Double.init), biases: values.biases?.map(Double.init),
          parameter.weights)
      })
  }
}
