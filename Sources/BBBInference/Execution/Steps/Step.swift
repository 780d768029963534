/// One thing that a program does with the arena.
enum Step: Sendable {
  case matrix(MatrixStep)
  case activation(ActivationStep)
  case pool(PoolStep)
  case arithmetic(ArithmeticStep)
  case copy(CopyStep)
  case lines(LinesStep)
  case product(ProductStep)
  case constant(ConstantStep)
}
