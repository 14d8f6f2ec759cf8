"""The shape of the house: who may import whom, how long things are, what they are called."""

import ast
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "bootstrap"
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
    "filelock": ("model/alone.py",),
}


@dataclass(frozen=True)
class Shape:
    """What the laws ask of a file, of one reading."""

    path: Path
    lines: int
    says_what_it_is: bool
    relative_imports: tuple[int, ...]
    imports: frozenset[str]
    functions: tuple[tuple[str, int], ...]
    global_words: tuple[int, ...]
    empty_containers: tuple[int, ...]

    @classmethod
    def of(cls, path: Path) -> "Shape":
        """Every node of the file is looked at once; numbers are those of lines, and a function's is how many it has."""
        text = path.read_text()
        tree = ast.parse(text)
        nodes = list(ast.walk(tree))
        froms = [node for node in nodes if isinstance(node, ast.ImportFrom)]
        names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
        functions = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
        return cls(
            path,
            len(text.splitlines()),
            not text or bool(ast.get_docstring(tree)),
            tuple(node.lineno for node in froms if node.level),
            frozenset(names | {node.module or "" for node in froms}),
            tuple((node.name, (node.end_lineno or node.lineno) - node.lineno + 1) for node in functions),
            tuple(node.lineno for node in nodes if isinstance(node, ast.Global)),
            tuple(node.lineno for node in tree.body if _is_empty_container(node)),
        )

    @property
    def name(self) -> str:
        """Its path in the repository."""
        return str(self.path.relative_to(ROOT))

    @property
    def place(self) -> str:
        """Its path in the package."""
        return str(self.path.relative_to(PACKAGE))


def _is_empty_container(node: ast.stmt) -> bool:
    value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
    return isinstance(value, ast.Dict | ast.List | ast.Set) and not ast.unparse(value).strip("[]{}")


@pytest.fixture(scope="module")
def files() -> tuple[Shape, ...]:
    """The package and its tests."""
    paths = (path for folder in ("bootstrap", "tests") for path in sorted((ROOT / folder).rglob("*.py")))
    return tuple(map(Shape.of, paths))


@pytest.fixture(scope="module")
def product(files: tuple[Shape, ...]) -> tuple[Shape, ...]:
    """The package alone."""
    found = tuple(file for file in files if file.path.is_relative_to(PACKAGE))
    assert len(found) > 100
    return found


def test_imports_go_one_way(product: tuple[Shape, ...]) -> None:
    wrong = []
    for file in product:
        room = file.place.partition("/")[0]
        # What lies beside the rooms starts before there is an environment.
        if not room.endswith(".py"):
            seen = {name.split(".")[1] for name in file.imports if name.startswith("bootstrap.")}
            wrong += [f"{file.name}: {name}" for name in sorted(seen - {room} - BELOW[room])]
    assert not wrong


def test_no_import_is_relative(product: tuple[Shape, ...]) -> None:
    assert not [f"{file.name}:{line}" for file in product for line in file.relative_imports]


def test_foreign_packages_enter_in_one_place(product: tuple[Shape, ...]) -> None:
    wrong = []
    for file in product:
        foreign = {name.split(".")[0] for name in file.imports} & set(ENTRANCES)
        wrong += [f"{file.name}: {name}" for name in sorted(foreign) if not file.place.startswith(ENTRANCES[name])]
    assert not wrong


@pytest.mark.parametrize("place", ["run/plan.py", "run/gathering.py"])
def test_planning_sees_no_hands(product: tuple[Shape, ...], place: str) -> None:
    """Law 2: what plans cannot even name what performs."""
    (planner,) = (file for file in product if file.place == place)
    hands = {"bootstrap.run.hands", "bootstrap.run.acting", "bootstrap.run.site", "bootstrap.run.column"}
    assert not planner.imports & hands


def test_files_and_functions_are_short_and_well_named(files: tuple[Shape, ...]) -> None:
    assert not [f"{file.name}: {file.lines} lines" for file in files if file.lines > MOST_LINES]
    assert not [file.name for file in files if file.path.stem in NO_NAMES]
    functions = [(file.name, name, lines) for file in files for name, lines in file.functions]
    assert not [one for one in functions if one[2] > MOST_LINES_OF_A_FUNCTION]


def test_every_module_says_what_it_is(product: tuple[Shape, ...]) -> None:
    assert not [file.name for file in product if not file.says_what_it_is]


def test_no_module_keeps_state(product: tuple[Shape, ...]) -> None:
    """Law 17: `global` is not used, and no module-level name is bound to an empty container to be filled later."""
    assert not [f"{file.name}:{line}" for file in product for line in file.global_words]
    assert not [f"{file.name}:{line}" for file in product for line in file.empty_containers]
