"""The act's script, run by the real /bin/sh in a folder of the test."""

import hashlib
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from bootstrap.model.action import Action, PutBlob, RemoveFile, Run, WriteFile
from bootstrap.model.text import Secret, SecretRef, text
from bootstrap.run import acting, asking, in_flight
from bootstrap.run.in_flight import Outcome
from bootstrap.transport.local import Local

VAULT = {"join-token": Secret("abcdef.0123456789abcdef")}


def perform(*actions: Action) -> Outcome:
    act = acting.render("act-test", actions, VAULT, operator=True)
    script = asking.opening(operator=True) + in_flight.directly(act) + asking.asking(())
    return in_flight.told(Local().run(script, timeout_s=30).stdout)


def test_actions_run_in_order(tmp_path: Path) -> None:
    log = tmp_path / "log"
    actions = [Run(("sh", "-c", f"echo {number} >> {log}")) for number in (1, 2, 3)]
    assert perform(*actions).state == "done"
    assert log.read_text() == "1\n2\n3\n"


def test_a_file_appears_whole_with_its_mode_and_parents(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "it's.conf"
    assert perform(WriteFile(str(path), text("a\n", "no newline at the end"), mode=0o640)).state == "done"
    assert path.read_text() == "a\nno newline at the end"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o755
    assert [one.name for one in path.parent.iterdir()] == ["it's.conf"]


def test_an_edit_since_the_question_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "fstab"
    path.write_text("as asked\n")
    assert perform(WriteFile(str(path), text("ours\n"), before="as asked\n")).state == "done"
    path.write_text("edited by hand\n")
    outcome = perform(WriteFile(str(path), text("ours again\n"), before="ours\n"))
    assert (outcome.state, outcome.at) == ("failed", 0)
    assert "changed since it was read" in outcome.evidence
    assert path.read_text() == "edited by hand\n"


def test_a_file_that_appeared_since_is_not_overwritten_unless_it_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "here"
    path.write_text("theirs")
    assert "appeared since" in perform(WriteFile(str(path), text("ours"))).evidence
    assert perform(WriteFile(str(path), text("ours"), guarded=False)).state == "done"
    assert path.read_text() == "ours"


def test_a_link_is_replaced_and_what_it_led_to_is_left(tmp_path: Path) -> None:
    (tmp_path / "admin.conf").write_text("precious")
    (tmp_path / "config").symlink_to("admin.conf")
    perform(WriteFile(str(tmp_path / "config"), text("merged"), guarded=False))
    assert (tmp_path / "admin.conf").read_text() == "precious"
    assert (tmp_path / "config").read_text() == "merged"


def test_the_first_failure_stops_the_act_and_says_where(tmp_path: Path) -> None:
    outcome = perform(
        Run(("true",)), Run(("sh", "-c", "echo it broke >&2; exit 3")), Run(("touch", str(tmp_path / "x")))
    )
    assert outcome == Outcome("failed", 1, "it broke\nexit code 3")
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (Run(("a b", "c"), stdin=text(SecretRef("join-token"))), "'a b' c"),
        (WriteFile("/etc/x", text("secret")), "write /etc/x"),
        (RemoveFile("/etc/x"), "remove /etc/x"),
        (PutBlob("0" * 64, 1, "/var/x.tar"), "put /var/x.tar"),
    ],
)
def test_an_action_that_failed_is_told_in_a_few_words_and_without_its_content(action: Action, words: str) -> None:
    assert acting.shown(action) == words


def test_exit_codes_that_count_as_done() -> None:
    assert perform(Run(("sh", "-c", "exit 3"), ok=frozenset({0, 3}))).state == "done"


def test_a_program_that_takes_too_long_is_ended() -> None:
    outcome = perform(Run(("sleep", "20"), timeout_s=0.3))
    assert outcome.state == "failed"
    assert "its time was over" in outcome.evidence


def test_stdin_carries_a_secret_that_no_argv_shows(tmp_path: Path) -> None:
    out = tmp_path / "out"
    seen = Run(("sh", "-c", f"cat > {out}; ps -o args= -p $$ >> {out}"), stdin=text("token=", SecretRef("join-token")))
    act = acting.render("act-test", (seen,), VAULT)
    assert "0123456789abcdef" not in act.script
    perform(seen)
    assert out.read_text().startswith("token=abcdef.0123456789abcdef")
    assert out.read_text().count("0123456789abcdef") == 1


def test_a_program_without_stdin_reads_nothing() -> None:
    assert perform(Run(("sh", "-c", "read -r line && exit 1; exit 0"))).state == "done"


def test_remove_is_for_one_named_file_and_absent_is_fine(tmp_path: Path) -> None:
    (tmp_path / "a*").write_text("")
    (tmp_path / "ab").write_text("")
    assert perform(RemoveFile(str(tmp_path / "a*")), RemoveFile(str(tmp_path / "never"))).state == "done"
    assert [one.name for one in tmp_path.iterdir()] == ["ab"]
    assert perform(RemoveFile(str(tmp_path))).state == "failed"


def test_a_blob_moves_from_beside_into_its_place(tmp_path: Path) -> None:
    blob = PutBlob("ab" * 32, 4, str(tmp_path / "image.tar"))
    Path(acting.staged(blob)).write_text("data")
    assert perform(blob).state == "done"
    assert (tmp_path / "image.tar").read_text() == "data"
    assert stat.S_IMODE((tmp_path / "image.tar").stat().st_mode) == 0o644
    assert perform(blob).state == "done", "what is in its place already needs no sending"


def carry(path: Path, content: bytes, sha256: str) -> Outcome:
    act = acting.render("act-test", (PutBlob(sha256, 4, str(path)),), VAULT, carried={sha256: content}, operator=True)
    return in_flight.told(Local().run(asking.opening(operator=True) + in_flight.directly(act), timeout_s=30).stdout)


def test_a_small_blob_travels_with_the_act(tmp_path: Path) -> None:
    content = bytes(range(256))
    path = tmp_path / "new" / "Packages.gz"
    assert carry(path, content, hashlib.sha256(content).hexdigest()).state == "done"
    assert path.read_bytes() == content


def test_a_small_blob_that_is_not_the_promised_one_is_refused(tmp_path: Path) -> None:
    outcome = carry(tmp_path / "Packages.gz", b"altered", hashlib.sha256(b"promised").hexdigest())
    assert "did not arrive as promised" in outcome.evidence
    assert not list(tmp_path.iterdir())


def test_a_text_with_a_secret_the_vault_lacks_is_an_error() -> None:
    with pytest.raises(KeyError):
        acting.render("act-test", (Run(("true",), stdin=text(SecretRef("no-such"))),), VAULT)


def test_both_scripts_are_posix_for_a_strict_shell() -> None:
    """`sh -n` reads them; bash in POSIX mode too, where it is there."""
    actions = (Run(("a b", "c'd")), WriteFile("/x y/z", text("t")), RemoveFile("/r"), PutBlob("0" * 64, 1, "/p/q"))
    act = acting.render("act-test", actions, VAULT)
    for script in (
        act.script,
        act.end,
        in_flight.starting(act),
        in_flight.recovering("act-x", 10),
        in_flight.watching(),
    ):
        for shell in [["sh", "-n"], *([["bash", "--posix", "-n"]] if shutil.which("bash") else [])]:
            subprocess.run(shell, input=script, text=True, check=True, timeout=60)
