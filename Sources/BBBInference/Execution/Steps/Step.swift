/// One thing that a program does with the arena.
enum Step: Sendable {
  case matrix(MatrixStep)
  case activation(ActivationStep)
  case pool(PoolStep)
  case add(AddStep)
  case copy(CopyStep)
}
