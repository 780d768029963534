import BBBTensors
import TestSupport
import Testing

@testable import BBBPosterior

/// Layers whose sizes chain though they do not follow one another.
struct ChainObjectionTests {
  /// Square layers, which chain in any order.
  private static func posterior(
    _ names: [String], options: PosteriorOptions = .init()
  ) throws -> Posterior {
    try Posterior(
      TensorFile(
        names.flatMap { [.ramp($0 + ".mu_weight", 4, 4), .ramp($0 + ".rho_weight", 4, 4)] }),
      options: options)
  }

  @Test(arguments: [
    (["0.lora_A.default", "0.lora_B.default"], "an adapter's factors (0.lora_A.default)"),
    (["i2h", "h2h", "h2o"], "a recurrent cell (i2h)"),
    (["rnn.weight_ih_l0", "rnn.weight_hh_l0"], "a recurrent cell"),
    (["self_attn.in_proj", "self_attn.out_proj"], "attention"),
    (["encoder.q_proj", "encoder.k_proj", "encoder.v_proj"], "attention"),
    (["query", "key", "value"], "attention (query, key)"),
    (["W_q", "W_k", "W_v"], "attention (W_q, W_k)"),
    (["wq", "wk", "wv", "wo"], "attention (wq, wk)"),
    (["trunk", "head_a", "head_b"], "several heads (head_a, head_b)"),
    (["trunk.0", "reward_head", "done_head"], "several heads (reward_head, done_head)"),
    (["trunk", "headA", "headB"], "several heads (headA, headB)"),
    (["leftNet.0", "rightNet.0"], "two branches (leftNet.0, rightNet.0)"),
    (["expert_a.0", "expert_b.0"], "several experts (expert_a.0, expert_b.0)"),
    (["left.0", "right.0", "joint"], "two branches (left.0, right.0)"),
    (["branch1", "branch2", "fusion"], "several branches (branch1, branch2)"),
    (["user_tower.0", "item_tower.0"], "two branches (user_tower.0, item_tower.0)"),
    (
      ["policy_net.0", "policy_net.2", "target_net.0", "target_net.2"],
      "two networks (policy_net.0, target_net.0)"
    ),
    (["qnetwork_local.fc1", "qnetwork_target.fc1"], "two networks"),
    (["student.0", "teacher.0"], "two networks (teacher.0, student.0)"),
    (["encoder_a.0", "encoder_b.0", "fc"], "several encoders (encoder_a.0, encoder_b.0)"),
    (["encoder1.0", "encoder1.2", "encoder2.0", "encoder2.2"], "several encoders"),
    (["members.0", "members.1", "members.2"], "the members of an ensemble (members.0, …)"),
    (["ensemble.models.0.fc1", "ensemble.models.1.fc1"], "the members of an ensemble"),
    (["token_embedding", "fc"], "an embedding (token_embedding)"),
    (["wte", "fc"], "an embedding"), (["gate", "fc"], "a gate (gate)"),
    (["mlp.gate_proj", "mlp.up_proj", "mlp.down_proj"], "a gate"),
    (
      ["block.fc1", "block.shortcut", "block.fc2"], "a branch that is added again (block.shortcut)"
    ),
    (["downsample.0", "fc"], "a branch that is added again"),
    (["encoder", "fc_mu", "fc_logvar", "decoder"], "two heads (fc_mu, fc_logvar)"),
    (["actor.0", "actor.2", "critic.0", "critic.2"], "two networks (actor.0, critic.0)"),
    (["body", "heads.0", "heads.1"], "several heads (heads.0, heads.1)"),
    (["body", "head1", "head2"], "several heads (head1, head2)"),
    (["conv1", "conv2"], "a layer of a graph or a convolution (conv1)"),
  ])
  func `names speak against a chain`(names: [String], what: String) throws {
    let posterior = try Self.posterior(names)
    #expect(
      posterior.obstacle?.contains(what) == true, "\(posterior.obstacle ?? "")")
    #expect(!posterior.assumptions.contains(.chain))
    // What the user says comes first.
    let sizes = [Int](repeating: 4, count: names.count + 1)
    #expect(
      posterior.obstacle?.contains(
        "--layers " + sizes.map(String.init).joined(separator: ",")) == true)
    let stated = try Self.posterior(names, options: .init(layerSizes: sizes))
    #expect(stated.network != nil)
  }

  @Test(arguments: [
    ["fc1", "fc2", "fc3"], ["0", "2", "4"], ["net.0", "net.2"],
    ["layers.0", "layers.1", "layers.2"],
    ["encoder.0", "encoder.2", "decoder.0", "decoder.2"], ["input", "hidden", "output"],
    ["body.0", "body.2", "head"], ["head.0", "head.2"], ["l1", "l2"],
    ["dense", "dense_1", "dense_2"],
    ["linear_in", "linear_out"], ["features.0", "classifier.0", "classifier.2"], ["W1", "W2"],
    ["mlp.c_fc", "mlp.c_proj"], ["value_net.0", "value_net.2"],
    ["encoder1", "encoder2", "decoder1", "decoder2"],
    ["encoder_hidden_layer", "encoder_output_layer", "decoder_output_layer"],
    ["head_in", "head_out"], ["policy_net.0", "policy_net.2"], ["target_net.0", "target_net.2"],
    ["wi", "wo"],
  ])
  func `names of multilayer perceptrons do not, and the chain is said to be assumed`(
    names: [String]
  ) throws {
    let posterior = try Self.posterior(names)
    #expect(posterior.obstacle == nil)
    #expect(posterior.assumptions.contains(.chain))
  }

  @Test func `numbers that do not chain are stronger than sizes that could`() throws {
    // The variational autoencoder of PyTorch's examples: fc21 and fc22 read the same units, and yet
    // fc21, fc3, fc4, fc1, fc22 is an order in which the sizes chain.
    let shapes = [
      ("fc1", 6, 8), ("fc21", 2, 6), ("fc22", 2, 6), ("fc3", 6, 2), ("fc4", 8, 6),
    ]
    let posterior = try Posterior(
      TensorFile(
        shapes.flatMap { name, outputs, inputs in
          [
            .ramp(name + ".mu_weight", outputs, inputs),
            .ramp(name + ".rho_weight", outputs, inputs),
          ]
        }))
    #expect(posterior.obstacle?.contains("do not chain") == true)
  }

  @Test(
    .enabled(if: SharedFolder.isThere, Comment(rawValue: SharedFolder.remedy)),
    arguments: [
      ("ivon-lora-adapter-read-as-mlp.pt", "an adapter's factors (0.lora_A.default)", 220),
      ("rnn-i2h-h2h-h2o-read-as-mlp.pth", "a recurrent cell (i2h)", 3488),
    ])
  func `an adapter and a recurrent cell are ranked but not run`(
    name: String, what: String, weightCount: Int
  ) throws {
    let posterior = try Posterior(try TensorFile(contentsOf: SharedFolder.file("cases/" + name)))
    #expect(posterior.parameters.reduce(0) { $0 + $1.weight.count } == weightCount)
    #expect(posterior.hasDeviations)
    #expect(posterior.obstacle?.contains(what) == true)
  }
}
