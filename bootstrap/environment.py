"""The environment that the two commands of README make for themselves, with the standard library alone.

A Python environment per version of pyproject.toml stands in the cache, outside the checkout, so that a second
start costs nothing and two checkouts never share what differs. Debian ships python3 without venv's ensurepip
(package python3-venv): that is installed where we are root, and named where we are not.
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
INSIDE = "KBOOT_ENVIRONMENT"
PIP_TIMEOUT_S = 900


class SetUpError(Exception):
    """The environment cannot be made; the message says why and what to type."""


def enter(arguments: list[str]) -> None:
    """Start `python -m bootstrap ARGUMENTS` again inside the environment, made first where it is missing.

    Returns when this process already runs inside it, and from an installed package, which came with what it needs.
    Raises SetUpError.
    """
    if os.environ.get(INSIDE) == sys.prefix or not is_checkout():
        return
    folder = _made()
    os.environ[INSIDE] = str(folder)
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (str(CHECKOUT), os.environ.get("PYTHONPATH"))))
    os.environ["PATH"] = os.pathsep.join((str(folder / "bin"), os.environ.get("PATH", os.defpath)))
    # Bytecode halves the time of a start; beside the environment, for a checkout is its owner's and not root's.
    os.environ["PYTHONPYCACHEPREFIX"] = str(folder / "bytecode")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    python = str(folder / "bin" / "python")
    os.execv(python, [python, "-m", "bootstrap", *arguments])  # noqa: S606 - our own interpreter, no shell


def is_checkout() -> bool:
    """Whether this kboot runs from a checkout, and not from where pip installed it."""
    return (CHECKOUT / "pyproject.toml").is_file()


def cache_folder() -> Path:
    """Where everything that can be made again stands: `$XDG_CACHE_HOME/kboot`, else `~/.cache/kboot`."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kboot"


def say(line: str) -> None:
    """One line of progress on stderr."""
    print(f"kboot: {line}", file=sys.stderr, flush=True)  # noqa: T201 - rich is not there yet


def _folder() -> Path:
    version = f"{sys.version_info.major}.{sys.version_info.minor}.{sys.version_info.micro}"
    key = hashlib.sha256(f"{version} {sys.prefix}\n".encode() + (CHECKOUT / "pyproject.toml").read_bytes()).hexdigest()
    return cache_folder() / "environment" / key[:16]


def _made() -> Path:
    folder = _folder()
    done = folder / "complete"
    with _locked(folder.with_suffix(".lock")):
        if not done.exists():
            say(f"making the Python environment in {folder} (once per version)")
            shutil.rmtree(folder, ignore_errors=True)
            _require_venv()
            _run([sys.executable, "-m", "venv", str(folder)])
            _run([str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--no-compile", *_requirements()])
            done.touch()
    return folder


def _requirements() -> list[str]:
    import tomllib  # noqa: PLC0415 - every start pays for what stands above, and only the first needs this

    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text())["project"]
    return [*project["dependencies"], *project["optional-dependencies"]["test"]]


def _require_venv() -> None:
    if importlib.util.find_spec("ensurepip"):
        return
    if os.geteuid() != 0:
        raise SetUpError("python3-venv is missing: run `sudo apt-get install python3-venv`, or this command with sudo")
    apt_install("python3-venv")


def apt_install(*packages: str) -> None:
    """Install Debian packages with what they need, from the package lists that this machine has. Needs root."""
    say(f"installing {' '.join(packages)}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "NEEDRESTART_SUSPEND": "1"}
    _run(["apt-get", "update", "-q"], environment)
    _run(["apt-get", "install", "-q", "-y", "--no-install-recommends", *packages], environment)


def _run(argv: list[str], environment: dict[str, str] | None = None) -> None:
    try:
        done = subprocess.run(
            argv, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            timeout=PIP_TIMEOUT_S, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SetUpError(f"{' '.join(argv[:4])}: {error}") from error
    if done.returncode:
        raise SetUpError(f"{' '.join(argv[:4])} failed:\n" + "\n".join(done.stdout.splitlines()[-8:]))


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """One maker at a time; the others wait and find it made. The file's time tells `bundle prune` of the last start."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
