"""A run over hosts that are dicts: what it brings about, what it costs, how it ends."""

import pytest

from bootstrap.model.codes import Code
from bootstrap.model.event import ActStarted, HostSeen, RowEnded, RowWaiting, RunEnded, RunStarted
from bootstrap.model.exit_code import ExitCode
from bootstrap.model.fact import Output
from bootstrap.model.report import HostStatus, Status
from bootstrap.run import Selection, exit_code
from bootstrap.transport.errors import HostKeyChanged, LoginRefused, Unreachable
from tests.unit.run.toys import World, at, statuses, wrong

GOOD = {Status.OK, Status.CHANGED}


def test_a_first_run_brings_everything_about() -> None:
    world = World()
    report = world.run()
    assert {result.status for result in report.rows} <= GOOD
    assert exit_code(report) is ExitCode.OK
    assert world["w1"].state["joined"] == "yes"
    assert world["@operator"].state["fetched"] == "yes"
    assert world["cp1"].state["token-live"] == "swept"


def test_a_remark_stands_in_the_report_whether_the_row_acted_or_held_or_was_refused() -> None:
    world = World(workers=1)
    for _ in ("acts", "holds"):
        said = {(one.row.step.name(), one.remark) for one in world.run().rows if one.remark}
        assert said == {("looked", "old"), ("ready", "ready, and not for long")}
    world["w1"].state["health"] = "bad"
    told = {(one.row.step.name(), one.row.target.name): one.remark for one in world.run().rows}
    assert (told["looked", "w1"], told["looked", "cp1"]) == ("", "old")


def test_a_converged_run_costs_one_exec_a_host_and_no_act() -> None:
    world = World()
    world.run()
    world.execs()
    for host in world.hosts.values():
        host.acts.clear()
    report = world.run()
    assert {result.status for result in report.rows} == {Status.OK}
    assert set(world.execs().values()) == {1}
    assert not any(host.acts for host in world.hosts.values())


def test_a_first_run_costs_a_worker_the_same_among_3_and_among_50() -> None:
    small, big = World(workers=2), World(workers=49)
    for world in (small, big):
        for host in world.hosts.values():
            host.slow_s = 0.02
        assert not wrong(world.run())
    few, many = small.execs(), big.execs()
    acts_of_a_worker = 4
    assert max(few["w1"], many["w1"], many["w49"]) <= acts_of_a_worker + 2
    assert many["cp1"] < few["cp1"] + 49, "less than one more for each of the other workers"


def test_a_row_that_another_made_stale_is_decided_again() -> None:
    """`built` holds at first, but setting `base` undoes it: the plan's Satisfied must not be believed."""
    world = World(workers=1)
    world["w1"].state.update(built="yes", ready="yes")
    report = world.run()
    assert at(report, "built", "w1") is Status.CHANGED
    assert at(report, "ready", "w1") is Status.OK


def test_a_blocked_check_on_one_host_keeps_all_hosts_as_they_are() -> None:
    world = World()
    world["w2"].state["health"] = "bad"
    report = world.run()
    assert not any(host.acts for host in world.hosts.values())
    assert statuses(report, Status.BLOCKED) == [("looked", "w2")]
    assert at(report, "looked", "w1") is Status.OK
    assert at(report, "base", "cp1") is Status.NOT_RUN
    assert exit_code(report) is ExitCode.REFUSED


def test_a_check_that_waits_is_asked_again_before_anything_is_changed() -> None:
    world = World()
    world["w1"].state["health"] = "busy"

    def observe(event: object) -> None:
        if isinstance(event, RowWaiting) and event.row.step.name() == "looked":
            assert not any(host.acts for host in world.hosts.values())
            world["w1"].state["health"] = "good"

    world.observers.append(observe)
    assert exit_code(world.run()) is ExitCode.OK


def test_a_check_that_waits_too_long_refuses_the_run() -> None:
    world = World()
    world["w1"].state["health"] = "busy"
    report = world.run()
    assert at(report, "looked", "w1") is Status.WAITING
    assert exit_code(report) is ExitCode.REFUSED
    assert not any(host.acts for host in world.hosts.values())


def test_a_worker_that_is_unreachable_drops_out_and_the_others_go_on() -> None:
    world = World()
    world["w2"].down = Unreachable("w2", "no route to host", advice="is it on?")
    report = world.run()
    assert at(report, "joined", "w1") is Status.CHANGED
    assert {at(report, step, "w2") for step in ("looked", "base", "joined")} == {Status.NOT_RUN}
    assert exit_code(report) is ExitCode.PARTLY
    w2 = next(host for host in report.hosts if host.host == "w2")
    assert (w2.status, w2.why, w2.advice) == (HostStatus.UNREACHABLE, "no route to host", "is it on?")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Unreachable("cp1", "no route"), ExitCode.NO_HOST),
        (LoginRefused("cp1", "no key fits"), ExitCode.NO_HOST),
        (HostKeyChanged("cp1", "another key"), ExitCode.KEY_REFUSED),
    ],
)
def test_without_a_control_plane_nothing_is_changed(error: Unreachable, code: ExitCode) -> None:
    world = World()
    world["cp1"].down = error
    report = world.run()
    assert not any(host.acts for host in world.hosts.values())
    assert {result.status for result in report.rows} == {Status.NOT_RUN}
    assert exit_code(report) is code


def test_an_act_that_ends_well_and_changes_nothing_is_not_converged() -> None:
    world = World()
    world["w1"].deaf = True
    report = world.run()
    failed = next(result for result in report.rows if result.row.id == ("base", "w1"))
    assert (failed.status, failed.code) == (Status.FAILED, Code.NOT_CONVERGED)
    assert at(report, "ready", "w1") is Status.NOT_RUN
    assert len(world["w1"].acts) == 1, "an action is never repeated"
    assert exit_code(report) is ExitCode.PARTLY


def test_a_failed_action_ends_its_column_with_the_evidence() -> None:
    world = World()
    world["w1"].failing = "built"
    report = world.run()
    failed = next(result for result in report.rows if result.row.id == ("built", "w1"))
    assert (failed.status, failed.code, failed.evidence) == (Status.FAILED, Code.ACT_FAILED, "cannot set built")
    after = next(result for result in report.rows if result.row.id == ("ready", "w1"))
    assert (after.status, after.note) == (Status.NOT_RUN, "stopped at built")
    assert at(report, "joined", "w2") is Status.CHANGED


def test_a_failure_on_the_control_plane_keeps_the_workers_from_joining() -> None:
    world = World()
    world["cp1"].failing = "api"
    report = world.run()
    joined = next(result for result in report.rows if result.row.id == ("joined", "w1"))
    assert joined.status is Status.NOT_RUN
    assert "api" in joined.note or "token-live" in joined.note
    assert at(report, "ready", "w1") is Status.CHANGED
    assert exit_code(report) is ExitCode.FAILED


def test_an_end_state_that_does_not_show_is_a_failed_verification() -> None:
    world = World()
    for host in ("w1", "w2"):
        world[host].on_set = lambda _host, _key, _value: None
    report = world.run()
    assert at(report, "all-joined", "@cluster") is Status.WAITING
    assert exit_code(report) is ExitCode.VERIFICATION


def test_a_step_whose_time_is_over_while_it_waits_is_a_passed_deadline() -> None:
    world = World()
    world["cp1"].facts["api"] = Output(99, "", "the API server does not answer")
    report = world.run()
    waited = next(result for result in report.rows if result.row.id == ("api", "cp1"))
    assert (waited.status, waited.code) == (Status.WAITING, Code.NOT_SETTLED)
    assert "does not answer" in waited.note
    assert exit_code(report) is ExitCode.DEADLINE


def test_an_act_in_flight_is_waited_for_before_anything_is_decided() -> None:
    world = World()
    world["w1"].in_flight = 1
    assert exit_code(world.run()) is ExitCode.OK
    assert world["w1"].scripts[1].startswith("i=0; while"), "watches, then asks again"


def test_an_act_refused_because_another_runs_is_decided_anew() -> None:
    world = World()
    world["w1"].busy = 1
    assert exit_code(world.run()) is ExitCode.OK
    assert [action[1] for action in world["w1"].acts].count("base") == 1


def test_the_closing_row_runs_although_a_join_failed() -> None:
    world = World()
    world["w1"].failing = "joined"
    report = world.run()
    assert at(report, "swept", "@cluster") is Status.CHANGED
    assert world["cp1"].state["token-live"] == "swept"


def test_skip_takes_steps_out_and_what_needs_them_is_refused() -> None:
    world = World()
    report = world.run(selection=Selection(skip=frozenset({"api"})))
    assert exit_code(report) is ExitCode.REFUSED
    (blocked,) = [result for result in report.rows if result.status is Status.BLOCKED]
    assert blocked.code is Code.STEP_MISSING, "and it is told once, not for every worker"


def test_only_walks_the_named_step_and_what_is_undone_at_the_end() -> None:
    world = World()
    report = world.run(selection=Selection(only=frozenset({"base"})))
    assert {result.row.step.name() for result in report.rows} == {"base", "swept"}
    assert exit_code(report) is ExitCode.OK
    assert "built" not in world["w1"].state


def test_limit_changes_only_these_hosts() -> None:
    world = World()
    world.run(selection=Selection(limit=frozenset({"cp1", "w1"})))
    assert world["w1"].state["joined"] == "yes"
    assert not world["w2"].acts


def test_limit_refuses_when_a_host_outside_lacks_what_the_limited_one_needs() -> None:
    world = World()
    report = world.run(selection=Selection(limit=frozenset({"w1"})))
    assert exit_code(report) is ExitCode.REFUSED
    assert any(result.code is Code.HOST_LEFT_OUT and "cp1" in result.note for result in report.rows)
    assert not any(host.acts for host in world.hosts.values())


def test_the_observer_hears_a_beginning_an_end_and_every_host() -> None:
    world = World()
    world.run()
    assert isinstance(world.events[0], RunStarted)
    assert isinstance(world.events[-1], RunEnded)
    assert {event.result.host for event in world.events if isinstance(event, HostSeen)} == {"cp1", "w1", "w2"}
    assert any(isinstance(event, ActStarted) for event in world.events)


@pytest.mark.parametrize("error", [BrokenPipeError("nobody reads"), ValueError("a bug in the screen")])
def test_a_screen_that_fails_does_not_stop_the_run_halfway(error: Exception) -> None:
    def fails_at_the_first_end(event: object) -> None:
        if isinstance(event, RowEnded):
            raise error

    world = World(observers=[fails_at_the_first_end])
    if isinstance(error, OSError):
        assert exit_code(world.run()) is ExitCode.OK
    else:
        with pytest.raises(ValueError, match="a bug in the screen"):
            world.run()
    world.observers.clear()
    assert {result.status for result in world.run().rows} == {Status.OK}, "and yet all of it was done"
