"""Hosts whose connection breaks in a run: what runs there goes on, nothing is guessed, and the others go on."""

import threading

import pytest

from bootstrap.model.codes import Code
from bootstrap.model.event import RowWaiting
from bootstrap.model.exit_code import ExitCode
from bootstrap.model.report import HostStatus, Status
from bootstrap.run import exit_code
from bootstrap.transport.errors import HostLost
from tests.unit.run.toys import World, at


@pytest.mark.parametrize("loss", ["in the act", "before the act", "reboot"])
def test_a_lost_connection_ends_no_act_and_nothing_is_guessed(loss: str) -> None:
    world = World()
    world["w1"].losses = [loss]  # type: ignore[list-item]
    report = world.run()
    assert exit_code(report) is ExitCode.OK
    sets = [action[1] for action in world["w1"].acts]
    assert sets.count("base") == 1


def test_a_host_that_stays_lost_is_out_and_the_others_go_on() -> None:
    world = World()
    world["w1"].on_set = lambda host, _key, _value: setattr(world[host], "down", HostLost(host, "silence"))
    report = world.run()
    w1 = next(host for host in report.hosts if host.host == "w1")
    assert w1.status is HostStatus.LOST
    assert at(report, "joined", "w2") is Status.CHANGED
    assert exit_code(report) is ExitCode.PARTLY


def test_an_act_whose_end_is_never_seen_is_given_up_and_never_guessed() -> None:
    world = World()
    world["w1"].losses = ["reboot"] * 9
    report = world.run()
    lost = next(result for result in report.rows if result.row.id == ("base", "w1"))
    assert (lost.status, lost.code) == (Status.FAILED, Code.ACT_LOST)
    assert "3 times" in lost.note
    assert len(world["w1"].losses) == 6
    assert exit_code(report) is ExitCode.PARTLY


def test_a_host_that_falls_while_it_waits_for_others_is_out_and_no_row_of_it_failed() -> None:
    world, waits = World(), threading.Event()

    def fall(event: object) -> None:
        if isinstance(event, RowWaiting) and event.row.id == ("joined", "w1"):
            world["w1"].down = HostLost("w1", "silence", advice="is it on?")
            waits.set()

    def api_comes_late(_host: str, key: str, _value: str) -> None:
        assert key != "api" or waits.wait(60)

    world["cp1"].on_set = api_comes_late
    world.observers.append(fall)
    report = world.run()
    out = next(result for result in report.rows if result.row.id == ("joined", "w1"))
    assert (out.status, out.code, out.note) == (Status.NOT_RUN, Code.HOST_FELL, "w1: lost")
    assert at(report, "joined", "w2") is Status.CHANGED
