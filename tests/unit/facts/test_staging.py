"""What counts as left by an upload, by the fact's own script in a folder of its own."""

import subprocess
from pathlib import Path

from bootstrap.facts.staging import FOLDER, STAGED
from bootstrap.model.answer import Known
from bootstrap.model.fact import Output


def left_in(folder: Path) -> set[str]:
    script = STAGED.script.replace(FOLDER, str(folder))
    done = subprocess.run(["sh"], input=script, text=True, capture_output=True, check=False)
    answer = STAGED.read(Output(done.returncode, done.stdout, done.stderr))
    assert isinstance(answer, Known)
    return {file.path.removeprefix(f"{folder}/") for file in answer.value}


def test_only_kboots_own_names_count(tmp_path: Path) -> None:
    staged = {"images/a.tar.kboot-0123456789ab", "images/b.tar.kboot-0123456789ab.part"}
    ours = {"images/a.tar", "apt/bookworm/c.deb"} | staged
    others = {"apt/bookworm/InRelease", "apt/sources.list", "apt/lists/x_InRelease", "images/notes.txt"}
    for name in ours | others:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    assert left_in(tmp_path) == ours


def test_a_host_without_the_folder_has_nothing_left(tmp_path: Path) -> None:
    assert left_in(tmp_path / "absent") == set()
