"""Every command takes the options that say how it talks, but for those whose words are another program's."""

from collections.abc import Iterator

import click
import pytest

from bootstrap.cli.boundary import guarded
from bootstrap.cli.root import COMMANDS, kboot

# ssh, kubectl and COMMAND have options of their own; the tests' tools read NO_COLOR; a completion script is all result.
FOREIGN = {"kubectl", "ssh", "lab ssh", "lab exec", "lab ssh-config", "test", "completion"}
WITH_JSON = {
    "init-master", "join-workers", "up", "plan", "run", "status", "hosts scan", "explain", "lab status",
    "bundle verify", "bundle list", "version", "addons list", "addons apply",
    "inventory check", "bundle prune", "lab prune",
}  # fmt: skip
ASKING = {"bundle prune", "lab prune", "inventory init", "hosts trust", "kubeconfig merge"}


def commands() -> Iterator[tuple[str, click.Command]]:
    context = click.Context(kboot)
    for name in COMMANDS:
        command = kboot.get_command(context, name)
        assert command
        if isinstance(command, click.Group):
            yield from ((f"{name} {word}", member) for word, member in command.commands.items())
        else:
            yield name, command


def options(command: click.Command) -> dict[str, click.Option]:
    return {word: one for one in command.params if isinstance(one, click.Option) for word in one.opts}


ALL = dict(commands())


@pytest.mark.parametrize("name", sorted(set(ALL) - FOREIGN))
def test_it_can_be_quiet_plain_and_unattended(name: str) -> None:
    assert {"-q", "-v", "--no-color", "--yes", "--no-input"} <= options(ALL[name]).keys()


@pytest.mark.parametrize("name", sorted(ALL))
def test_it_gives_json_where_a_program_would_want_it(name: str) -> None:
    form = options(ALL[name]).get("-o")
    kinds = form.type.choices if form and isinstance(form.type, click.Choice) else ()
    assert ("json" in kinds) is (name in WITH_JSON)


@pytest.mark.parametrize("name", sorted(set(ALL) - FOREIGN))
def test_its_help_speaks_of_questions_only_where_it_asks_some(name: str) -> None:
    assert options(ALL[name])["--yes"].hidden is (name not in ASKING)


@pytest.mark.parametrize(
    "words",
    [["up", "-i", ""], ["inventory", "check", ""], ["status", "--inventory="], ["bundle", "build", "--output", ""]],
)
def test_an_empty_path_is_not_the_current_folder(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(kboot, words) == 2
    assert "the path is empty (is a shell variable unset?)" in capsys.readouterr().err
