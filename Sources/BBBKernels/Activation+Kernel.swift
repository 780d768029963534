import BBBNetwork
import CBBBKernels

extension Activation {
  /// The kernel that applies it; `nil` for the identity.
  package var kernelValue: bbb_activation? {
    switch self {
    case .none: nil
    case .relu: bbb_activation_relu
    case .leakyRelu: bbb_activation_leaky_relu
    case .elu: bbb_activation_elu
    case .selu: bbb_activation_selu
    case .gelu: bbb_activation_gelu
    case .geluTanh: bbb_activation_gelu_tanh
    case .silu: bbb_activation_silu
    case .tanh: bbb_activation_tanh
    case .sigmoid: bbb_activation_sigmoid
    case .softplus: bbb_activation_softplus
    case .hardSwish: bbb_activation_hard_swish
    case .relu6: bbb_activation_relu6
    case .exponential: bbb_activation_exponential
    case .logarithm: bbb_activation_logarithm
    case .squareRoot: bbb_activation_square_root
    case .errorFunction: bbb_activation_error_function
    case .absolute: bbb_activation_absolute
    case .sign: bbb_activation_sign
    case .floor: bbb_activation_floor
    case .ceiling: bbb_activation_ceiling
    case .round: bbb_activation_round
    case .sine: bbb_activation_sine
    case .cosine: bbb_activation_cosine
    }
  }
}
