"""What a script gets, and what comes back."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bootstrap.transport.errors import HostLost, HostTimeout, LoginRefused
from bootstrap.transport.ssh import Ssh, SshContext
from tests.ssh.conftest import Connect
from tests.ssh.sshd import Sshd, User


@pytest.fixture
def host(sshd: Sshd, free_user: User, connect: Connect) -> Ssh:
    return connect(sshd.settings(free_user.name))


def test_both_outputs_and_the_exit_code_come_back_as_they_were(host: Ssh) -> None:
    done = host.run("printf 'no newline'; printf 'two\\nlines\\n' >&2; exit 200", timeout_s=20)
    assert (done.exit_code, done.stdout, done.stderr) == (200, b"no newline", "two\nlines\n")


def test_noise_of_a_login_shell_does_not_mix_in(sshd: Sshd, free_user: User, connect: Connect) -> None:
    free_user.write(".bashrc", "echo Welcome; echo 'last login: never' >&2; printf unfinished; set -x\n")
    try:
        done = connect(sshd.settings(free_user.name)).run("echo out; echo err >&2", timeout_s=20)
    finally:
        free_user.write(".bashrc", "")
    assert (done.text, done.stderr) == ("out\n", "err\n")


def test_ten_megabytes_of_binary_output_arrive_whole(host: Ssh) -> None:
    done = host.run("head -c 10000000 /dev/zero | tr '\\000' '\\377'; printf '\\000\\n'", timeout_s=60)
    assert done.stdout == b"\xff" * 10_000_000 + b"\0\n"


def test_much_on_both_outputs_at_once_does_not_block(host: Ssh) -> None:
    done = host.run("head -c 3000000 /dev/zero | tr '\\000' e >&2; head -c 3000000 /dev/zero", timeout_s=60)
    assert (len(done.stdout), len(done.stderr)) == (3_000_000, 3_000_000)


def test_a_command_that_reads_its_input_does_not_eat_the_script(host: Ssh) -> None:
    assert host.run("cat; sh; read -r word; echo after:$word", timeout_s=20).text == "after:\n"


def test_quotes_dollars_and_umlauts_survive(host: Ssh) -> None:
    script = "cat <<'END'\nit's \"$HOME\" `id` \\n ü €\nEND\n"
    assert host.run(script, timeout_s=20).text == 'it\'s "$HOME" `id` \\n ü €\n'


def test_a_syntax_error_is_an_exit_code(host: Ssh) -> None:
    done = host.run("echo before\nif then )", timeout_s=20)
    assert (done.exit_code, done.text) == (2, "before\n")
    assert "yntax error" in done.stderr


def test_a_long_script_arrives_whole(host: Ssh) -> None:
    body = "\n".join(f": {number} {'x' * 60}" for number in range(20_000))
    assert host.run(f"{body}\necho done", timeout_s=60).text == "done\n"


def test_the_script_stands_in_no_argument_list(host: Ssh) -> None:
    done = host.run("ps -eo args | grep -c [h]idden-word; : hidden-word", timeout_s=20)
    assert done.text == "0\n"


def test_lines_of_standard_error_come_while_the_script_runs(host: Ssh) -> None:
    seen: list[str] = []
    done = host.run("echo one >&2; echo two >&2; printf three >&2", timeout_s=20, on_stderr=seen.append)
    assert seen == ["one", "two", "three"]
    assert done.stderr == "one\ntwo\nthree"


def test_a_process_left_in_the_background_does_not_hold_the_exec(host: Ssh) -> None:
    done = host.run("sleep 50 & echo started", timeout_s=40)
    assert done.text == "started\n"
    assert done.elapsed_s < 30


def test_a_deadline_ends_the_waiting_and_leaves_the_connection(host: Ssh) -> None:
    with pytest.raises(HostTimeout) as caught:
        host.run("echo busy with it >&2; sleep 10", timeout_s=1)
    assert caught.value.evidence == "busy with it"
    assert host.run("echo again", timeout_s=20).text == "again\n"


def test_a_killed_shell_has_an_unknown_outcome(host: Ssh) -> None:
    with pytest.raises(HostLost) as caught:
        host.run("echo half done >&2; kill -9 $PPID $$; sleep 1", timeout_s=20)
    assert caught.value.evidence == "half done"


def test_a_command_killed_by_a_signal_is_an_exit_code(host: Ssh) -> None:
    assert host.run("kill -9 $(sh -c 'echo $PPID')", timeout_s=20).exit_code == 128 + 9


def test_a_login_that_runs_no_shell_is_refused_with_its_words(sshd: Sshd, plain_user: User, connect: Connect) -> None:
    plain_user.write(".bashrc", "echo 'This account is for mail only.' >&2; exit 1\n")
    try:
        with pytest.raises(LoginRefused) as caught:
            connect(sshd.settings(plain_user.name)).run("true", timeout_s=20, root=False)
    finally:
        plain_user.write(".bashrc", "")
    assert caught.value.evidence == "This account is for mail only."


def test_many_hosts_at_once_do_not_disturb_each_other(sshd: Sshd, free_user: User) -> None:
    context = SshContext()
    hosts = [context.connect(f"node-{number}", sshd.settings(free_user.name)) for number in range(20)]
    with ThreadPoolExecutor(20) as pool:
        for _ in range(2):
            words = pool.map(lambda host: host.run(f"echo {host.host}", timeout_s=60).text.strip(), hosts)
            assert list(words) == [host.host for host in hosts]
    for host in hosts:
        host.close()


def test_a_server_that_allows_one_session_at_a_time_is_enough(
    tmp_path: Path, client_key: Path, free_user: User, connect: Connect
) -> None:
    server = Sshd(tmp_path / "server", client_key, extra="MaxSessions 1")
    try:
        host = connect(server.settings(free_user.name))
        assert [host.run(f"echo {number}", timeout_s=20).text for number in range(3)] == ["0\n", "1\n", "2\n"]
    finally:
        server.stop()


def test_all_runs_share_one_connection(sshd: Sshd, free_user: User, connect: Connect) -> None:
    host = connect(sshd.settings(free_user.name))
    sshd.clear_log()
    for _ in range(3):
        host.run("true", timeout_s=20)
    assert sshd.log.count("Accepted publickey") == 1
