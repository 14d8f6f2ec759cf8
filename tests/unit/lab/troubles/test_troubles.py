"""The troubles that a lab can be born with, all of them by enumeration."""

from dataclasses import replace
from pathlib import Path

import pytest

from bootstrap.lab import first_boot, troubles
from bootstrap.lab.spec import LabSpec
from bootstrap.lab.state import LabState
from bootstrap.lab.troubles import TROUBLES, chosen_troubles, ordered
from bootstrap.lab.troubles.trouble import Birth, Trouble
from bootstrap.model.codes import Code
from bootstrap.model.error import KbootError

LAB = LabSpec("lab").with_hosts(2)
KNOWN = {trouble.name for trouble in TROUBLES}
SYMBOLIC_IN_THE_BASE = ("/bin/", "/lib/", "/sbin/", "/var/run/", "/var/lock/", "/run/", "/tmp/")


def test_each_has_a_name_of_its_own() -> None:
    assert len(KNOWN) == len(TROUBLES)


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.name)
def test_its_story_says_what_it_is_in_a_line_and_then_why(trouble: Trouble) -> None:
    lines = trouble.story.strip().splitlines()

    assert 20 < len(trouble.title) <= 100
    assert lines[1] == ""
    assert "kboot" in trouble.story, "says what kboot does about it"


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.name)
def test_its_file_is_found_by_its_name(trouble: Trouble) -> None:
    stem = trouble.name.replace("-", "_").replace(".", "_")

    assert (Path(str(troubles.__file__)).parent / f"{stem}.py").is_file()


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.name)
def test_its_files_lie_under_folders_that_are_no_links_in_the_base(trouble: Trouble) -> None:
    for file in trouble.files(Birth(LAB, LAB.hosts[0], lambda path: "")):
        assert file.path.startswith("/")
        assert not file.path.startswith(SYMBOLIC_IN_THE_BASE)


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.name)
def test_what_it_excludes_is_there(trouble: Trouble) -> None:
    assert set(trouble.excludes) <= KNOWN - {trouble.name}


def test_the_same_wish_in_another_order_is_the_same_lab(monkeypatch: pytest.MonkeyPatch) -> None:
    _known(monkeypatch, Trouble("one", "One."), Trouble("two", "Two."))

    assert ordered(("two", "one", "two")) == ordered(("one", "two")) == ("one", "two")


@pytest.mark.parametrize("wish", [("one", "two"), ("two", "one")])
def test_what_no_host_can_have_at_once_is_refused(monkeypatch: pytest.MonkeyPatch, wish: tuple[str, ...]) -> None:
    _known(monkeypatch, Trouble("one", "One."), Trouble("two", "Two.", excludes=("one",)))

    with pytest.raises(KbootError, match="both two and one") as refused:
        ordered(wish)

    assert (refused.value.code, refused.value.exit_code) == (Code.LAB_TROUBLE_REFUSED, 2)


def test_a_trouble_of_another_kboot_is_refused_by_name() -> None:
    with pytest.raises(KbootError, match="no trouble 'earthquake'"):
        chosen_troubles(("earthquake",))


def test_a_script_runs_once_on_each_new_host(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _known(monkeypatch, Trouble("one", "One.", once="echo 1\n"), Trouble("two", "Two."))
    lab, ran = _with_folders(tmp_path), []
    monkeypatch.setattr(first_boot, "run", lambda argv, *, stdin, timeout_s: ran.append((argv[-2], stdin)))

    for _ in range(2):
        first_boot.finish(lab, replace(LAB, troubles=("one", "two")), "cp1")

    assert ran == [("cp1", "\necho 1\n")]


def test_the_password_of_sudo_goes_before_the_script(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _known(monkeypatch, Trouble("one", "One.", once="echo 1\n"))
    lab, sent = _with_folders(tmp_path), []
    lab.sudo_password.write_text("secret\n")
    monkeypatch.setattr(first_boot, "run", lambda argv, *, stdin, timeout_s: sent.append((argv, stdin)))

    first_boot.finish(lab, replace(LAB, troubles=("one",)), "cp1")

    (argv, stdin) = sent[0]
    assert stdin == "secret\necho 1\n"
    assert "secret" not in " ".join(argv)


def test_a_script_that_fails_is_told_with_its_words_and_runs_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _known(monkeypatch, Trouble("one", "One.", once="false\n"))
    lab = _with_folders(tmp_path)

    def fails(argv: list[str], *, stdin: str, timeout_s: float) -> None:
        raise KbootError(Code.LAB_COMMAND_FAILED, "ssh ended with exit code 1", evidence="no such unit")

    monkeypatch.setattr(first_boot, "run", fails)
    with pytest.raises(KbootError, match="could not be given its trouble one") as failed:
        first_boot.finish(lab, replace(LAB, troubles=("one",)), "cp1")

    assert failed.value.evidence == "no such unit"
    assert not lab.host("cp1").born.exists()


def _known(monkeypatch: pytest.MonkeyPatch, *known: Trouble) -> None:
    monkeypatch.setattr(troubles, "TROUBLES", known)
    monkeypatch.setattr(troubles, "NAMES", tuple(trouble.name for trouble in known))


def _with_folders(folder: Path) -> LabState:
    (folder / "hosts/cp1").mkdir(parents=True)
    return LabState(folder)
