#if os(Linux)
  import BBBTensors
  import Foundation
  import Testing

  /// Where the system refuses memory or threads, every command succeeds or ends soon, with one sentence.
  @Suite final class LimitTests {
    let commandLine: CommandLine

    init() throws {
      commandLine = try CommandLine()
      try SmallProblem.writeCheckpoint(to: commandLine.path("model.safetensors"))
      let data = commandLine.folder.appending(path: "data")
      try SmallProblem.writeDataset(to: data)
      try SmallProblem.writeTrainingDataset(to: data)
      try NPYEncoder.encode(
        Tensor(name: "x", shape: [4, 4], bytes: Array(SmallProblem.images.joined()))
      ).write(to: URL(filePath: commandLine.path("x.npy")))
      _ = try commandLine.run("export", "model.safetensors", "--sparsity", "0.5", "-o", "m.bbbz")
    }

    deinit { commandLine.removeFolder() }

    static let data = "--dataset mnist --data data"
    static let commands = [
      "inspect model.safetensors",
      "inspect m.bbbz",
      "sweep model.safetensors \(data) --threads 4",
      "export model.safetensors --sparsity 0.5 --threads 4 -o new.bbbz",
      "evaluate m.bbbz \(data) --threads 4",
      "predict m.bbbz --input x.npy --threads 4",
      "train \(data) --hidden 3 --minibatch 4 --validation 0 --epochs 1 --threads 4 -o new.safetensors",
      "experiment regression --hidden 4 --epochs 1 --threads 4 -o regression",
      // Nobody listens at this address.
      "data mnist --data none --mirror http://127.0.0.1:9/",
    ]

    /// What a command may take of the processor, in seconds; tests run many at once, so that the clock tells nothing.
    /// Where memory is short, what is not optimised asks the system for it again and again.
    #if DEBUG
      static let seconds = 20
    #else
      static let seconds = 5
    #endif

    /// Runs a command with limits.
    func expectSentenceOrSuccess(_ command: String, limits: String) throws {
      // The guard is outside, since under some limits it could not start the command.
      let outcome = try commandLine.shell(
        "timeout -s KILL 60 /bin/sh -c \"ulimit -t \(Self.seconds); \(limits) $BBBPRUNE \(command)\""
      )
      guard outcome.exitCode != 0 else { return }
      #expect(outcome.exitCode < 128, "\(limits) \(command): \(outcome.errors)")
      // The dynamic loader has a sentence of its own where not even the program fits.
      let errors = outcome.errors.split(separator: "\n").filter {
        $0.contains("error: ") || $0.contains("error while loading")
      }
      #expect(errors.count == 1, "\(limits) \(command): \(outcome.errors)")
      let files = try commandLine.contents()
      #expect(!files.contains("new.bbbz") && !files.contains("new.safetensors"))
      #expect(!files.contains { $0.hasSuffix(".tmp") }, "\(files)")
    }

    @Test(arguments: commands, [60_000, 100_000, 130_000, 150_000, 200_000, 400_000])
    func `memory that runs out`(command: String, kilobytes: Int) throws {
      try expectSentenceOrSuccess(command, limits: "ulimit -v \(kilobytes); exec")
    }

    /// The system counts the threads of everybody but the administrator; who is one runs as nobody.
    private static let asNobody =
      getuid() == 0 ? "setpriv --reuid=65534 --regid=65534 --clear-groups" : ""

    @Test(arguments: commands, [2, 3])
    func `threads that cannot be made`(command: String, count: Int) throws {
      chmod(commandLine.folder.path, 0o777)
      try expectSentenceOrSuccess(command, limits: "exec \(Self.asNobody) prlimit --nproc=\(count)")
    }

    @Test func `what runs out of memory says so, and that it can be helped`() throws {
      let outcome = try commandLine.shell(
        """
        (echo x; yes 1 | head -c 150000000) > large.csv
        ulimit -v 300000; exec $BBBPRUNE predict m.bbbz --input large.csv
        """)
      #expect(outcome.exitCode == 71)
      #expect(outcome.sentence?.contains("'ulimit -v'") == true, "\(outcome.errors)")
    }

    @Test(arguments: ["INT", "TERM"])
    func `a signal ends a command at once`(signal: String) throws {
      let outcome = try commandLine.shell(
        """
        $BBBPRUNE sweep --samples 1000 --csv out.csv > /dev/null 2>&1 & job=$!
        sleep 1; kill -\(signal) $job; wait $job; echo $?
        """)
      #expect(outcome.output == (signal == "INT" ? "130\n" : "143\n"))
      #expect(!(try commandLine.contents().contains("out.csv")))
    }
  }
#endif
