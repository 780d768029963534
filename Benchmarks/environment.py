"""The Python environment that the benchmark scripts share: `.venv` beside them, made when first needed."""

import importlib.metadata, os, platform, subprocess, sys, venv

ENVIRONMENT = os.path.join(os.path.dirname(os.path.abspath(__file__)), ".venv")


def enter(*requirements):
    """Runs the script again with the environment's Python, which has the requirements ("name" or "name==version")."""
    python = os.path.join(ENVIRONMENT, "bin", "python")
    if sys.executable != python:
        if not os.path.exists(python):
            venv.create(ENVIRONMENT, with_pip=True)
        os.execv(python, [python, *sys.argv])
    missing = [requirement for requirement in requirements if not is_installed(requirement)]
    if missing:
        print(f"Installing {', '.join(missing)} …", file=sys.stderr, flush=True)
        command = [python, "-m", "pip", "install", "-q", *missing]
        if subprocess.call(command) != 0:
            sys.exit(f"pip could not install {', '.join(missing)} (see above); see whether pip reaches a package "
                     f"index and a C++ compiler is there, or remove {ENVIRONMENT} and try again")
        os.execv(python, [python, *sys.argv])


def is_installed(requirement):
    name, _, version = requirement.partition("==")
    try:
        return version in ("", importlib.metadata.version(name))
    except importlib.metadata.PackageNotFoundError:
        return False


def machine():
    """The processor's name and the number of its cores."""
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo") as file:
            names = [line.split(":")[1].strip() for line in file if line.startswith("model name")]
        if names:
            return f"{names[0]}, {len(names)} cores"
    return platform.processor() or platform.machine()
