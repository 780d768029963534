#!/usr/bin/env python3
"""All tables of docs/performance.md: ranking, inference, loading and sweeping, each beside its peers.

    python3 Benchmarks/performance.py [CHECKPOINT] [--dataset-folder FOLDER]

Takes about half an hour on an otherwise idle machine with two cores, and 5 GB of memory. Each part is a program of its own,
with more options: ranking_speed.py, inference_speed.py, break_even.py.
"""

import argparse, os, subprocess, sys

import pruned_network

HERE = os.path.dirname(os.path.abspath(__file__))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    pruned_network.add_arguments(parser)
    options = parser.parse_args()
    network = [options.checkpoint, "--dataset-folder", options.dataset_folder]
    for title, script, arguments in (("Ranking", "ranking_speed.py", []), ("Inference", "inference_speed.py", network),
                                     ("Break-even", "break_even.py", network)):
        print(f"\n## {title}\n", flush=True)
        subprocess.check_call([sys.executable, os.path.join(HERE, script), *arguments])


if __name__ == "__main__":
    main()
