/// Networks with attention, as text.
public enum Transformers {
  /// A small vision transformer: patches of an image, one block of two heads, the mean over all tokens.
  ///
  /// Channels come first, tokens second.
  public static let vision = """
    input 2 6 9
    patches = convolution 12 2x3 stride 2x3
    tokens = reshape 12 9
    normalise axis 0
    normalised = convolution 12 1 groups 12
    query = convolution 12 1
    queries = reshape 2 6 9
    key = convolution 12 1 from normalised
    keys = reshape 2 6 9
    value = convolution 12 1 from normalised
    values = reshape 2 6 9
    scores = product queries keys transposing first
    shares = softmax axis 2
    mixed = product values shares transposing second
    reshape 12 9
    projection = convolution 12 1
    attended = add projection tokens
    normalise axis 0 epsilon 0.0001
    hidden = convolution 24 1
    gelu
    narrowed = convolution 12 1
    sum = add narrowed attended
    transpose 1 0
    normalise axis 1
    transpose 1 0
    average-pool 9
    flatten
    head = linear 5
    """
}
