"""The shape of the house: who may import whom, how long things are, what they are called."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted(path for folder in ("bootstrap", "tests") for path in (ROOT / folder).rglob("*.py"))
PRODUCT = [path for path in FILES if path.is_relative_to(ROOT / "bootstrap")]
MOST_LINES, MOST_LINES_OF_A_FUNCTION = 300, 40
NO_NAMES = {"utils", "util", "helpers", "helper", "core", "manager", "common", "misc"}

# A room may import itself and these.
BELOW: dict[str, set[str]] = {
    "model": set(),
    "facts": {"model"},
    "steps": {"model", "facts"},
    "load": {"model", "facts", "steps"},
    "transport": {"model"},
    "bundle": {"model"},
    "lab": {"model"},
    "run": {"model", "facts", "load", "transport", "bundle"},  # of steps it knows the type, which is the model's
    "show": {"model"},
    "cli": {"model", "facts", "steps", "load", "transport", "bundle", "lab", "run", "show"},
}
# Foreign packages that enter in one place.
ENTRANCES: dict[str, tuple[str, ...]] = {
    "click": ("cli/",),
    "rich": ("show/",),
    "fabric": ("transport/ssh.py",),
    "invoke": ("transport/ssh.py",),
    "paramiko": ("transport/",),
    "pysequoia": ("facts/openpgp.py",),
    "tenacity": ("run/eyes.py", "transport/connecting.py"),
    "filelock": ("bundle/", "lab/", "run/"),
}


def imported(path: Path) -> Iterator[str]:
    """Every module name that a file imports, wherever in the file."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            yield node.module or ""


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", PRODUCT, ids=named)
def test_imports_go_one_way(path: Path) -> None:
    room = path.relative_to(ROOT / "bootstrap").parts[0]
    if room.endswith(".py"):
        return  # the two commands start here, before there is an environment
    seen = {name.split(".")[1] for name in imported(path) if name.startswith("bootstrap.")}
    assert seen - {room} <= BELOW[room]


@pytest.mark.parametrize("path", PRODUCT, ids=named)
def test_foreign_packages_enter_in_one_place(path: Path) -> None:
    place = str(path.relative_to(ROOT / "bootstrap"))
    for name in {name.split(".")[0] for name in imported(path)} & set(ENTRANCES):
        assert place.startswith(ENTRANCES[name]), f"{name} is imported in {place}"


@pytest.mark.parametrize("file", ["plan.py", "gathering.py"])
def test_planning_sees_no_hands(file: str) -> None:
    """Law 2: what plans cannot even name what performs."""
    modules = set(imported(ROOT / "bootstrap/run" / file))
    assert not modules & {"bootstrap.run.hands", "bootstrap.run.acting", "bootstrap.run.site", "bootstrap.run.column"}


@pytest.mark.parametrize("path", FILES, ids=named)
def test_files_and_functions_are_short_and_well_named(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= MOST_LINES
    assert path.stem not in NO_NAMES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            assert lines <= MOST_LINES_OF_A_FUNCTION, f"{node.name} has {lines} lines"


@pytest.mark.parametrize("path", PRODUCT, ids=named)
def test_every_module_says_what_it_is(path: Path) -> None:
    text = path.read_text()
    assert not text or ast.get_docstring(ast.parse(text))


@pytest.mark.parametrize("path", PRODUCT, ids=named)
def test_no_module_keeps_state(path: Path) -> None:
    """Law 17: `global` is not used, and no module-level name is bound to an empty container to be filled later."""
    tree = ast.parse(path.read_text())
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Global)]
    for node in tree.body:
        value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
        empty = isinstance(value, ast.Dict | ast.List | ast.Set) and not ast.unparse(value).strip("[]{}")
        assert not empty, f"line {node.lineno}"
