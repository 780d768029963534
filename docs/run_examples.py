#!/usr/bin/env python3
"""Runs the examples of docs/libraries.md as they stand there, each in a folder of its own.

    python3 docs/run_examples.py                                   # with this interpreter, and bbbprune from the path
    python3 docs/run_examples.py --program .build/release/bbbprune --python torch/bin/python --python jax/bin/python
    python3 docs/run_examples.py IVON Pyro                         # some sections only

An example is skipped, with a line that says so, if no interpreter has the modules that it imports.
"""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

PAGE = pathlib.Path(__file__).with_name("libraries.md")
SHARED = "The data, and a network"


def sections(text):
    """The blocks of code of each section: (heading, [(language, code)])."""
    for part in re.split(r"^## ", text, flags=re.M)[1:]:
        heading = part.split("\n", 1)[0]
        yield heading, re.findall(r"^```(python|sh)\n(.*?)^```", part, flags=re.M | re.S)


def modules(code, own):
    """The modules that a block imports, but for those that the page itself holds."""
    found = re.findall(r"^(?:from|import) +([\w.]+)", code, flags=re.M)
    return sorted({name.split(".")[0] for name in found} - own)


def has(python, names):
    code = "import importlib.util as u, sys; sys.exit(any(u.find_spec(n) is None for n in sys.argv[1:]))"
    return subprocess.run([python, "-c", code, *names]).returncode == 0


def run(heading, blocks, shared, pythons, program, keep):
    """Runs a section; true unless it fails."""
    own = {name.removesuffix(".py") for name in shared}
    needed = sorted(
        {name for language, code in blocks if language == "python" for name in modules(code, own)}
        | ({"torch"} if any("from network import" in code for _, code in blocks) else set()))
    python = next((python for python in pythons if has(python, needed)), None)
    if python is None:
        print(f"{heading}: skipped, since no interpreter has {', '.join(needed)}")
        return True
    folder = pathlib.Path(tempfile.mkdtemp(prefix="bbbprune-example-"))
    environment = dict(os.environ, PYTHONPATH=str(folder))
    environment["PATH"] = os.pathsep.join(
        [str(folder / "bin"), *([str(program.parent)] if program else []), os.environ["PATH"]])
    (folder / "bin").mkdir()
    # As a script: a virtual environment is found by where its interpreter is called.
    (folder / "bin" / "python").write_text(f'#!/bin/sh\nexec "{python}" "$@"\n')
    (folder / "bin" / "python").chmod(0o755)
    for name, code in shared.items():
        (folder / name).write_text(code)
    start = time.monotonic()
    try:
        steps = [("sh", "python shapes.py"), *blocks]
        for number, (language, code) in enumerate(steps):
            if language == "python":
                (folder / f"example{number}.py").write_text(code)
                code = f"python example{number}.py"
            result = subprocess.run(
                ["sh", "-e", "-c", code], cwd=folder, env=environment, text=True,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            if result.returncode != 0:
                print(f"{heading}: FAILED in\n{code}\n{result.stdout}")
                return False
            if language == "sh" and number > 0:
                print(result.stdout, file=sys.stderr)
        print(f"{heading}: runs ({time.monotonic() - start:.0f} s)", flush=True)
        return True
    finally:
        if keep:
            print(f"  {folder}")
        else:
            shutil.rmtree(folder)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("sections", nargs="*", help="headings of the page; all of them by default")
    parser.add_argument("--program", type=pathlib.Path, help="bbbprune, if it is not in the path")
    parser.add_argument("--python", action="append", help="an interpreter; several are tried in turn")
    parser.add_argument("--keep", action="store_true", help="keep the folders")
    arguments = parser.parse_args()
    if arguments.program and not arguments.program.is_file():
        sys.exit(f"{arguments.program}: there is no such program")
    program = arguments.program and arguments.program.resolve()
    if not program and not shutil.which("bbbprune"):
        sys.exit("bbbprune is not in the path: name it with --program")
    pythons = [os.path.abspath(python) for python in arguments.python or [sys.executable]]
    found = dict(sections(PAGE.read_text()))
    names = re.findall(r"`(\w+\.py)` (?:draws|is)", PAGE.read_text())
    codes = [code for language, code in found.pop(SHARED) if language == "python"]
    shared = dict(zip(names, codes, strict=True))
    unknown = set(arguments.sections) - set(found)
    if unknown:
        sys.exit(f"no such section: {', '.join(sorted(unknown))}; there are {', '.join(found)}")
    succeeded = [
        run(heading, blocks, shared, pythons, program, arguments.keep)
        for heading, blocks in found.items()
        if not arguments.sections or heading in arguments.sections]
    sys.exit(not all(succeeded))


if __name__ == "__main__":
    main()
