"""The benchmark's reading of a run's events."""

from tests.bench.profile import Event, Profile, critical_path, parts


def ended(step: str, target: str, at_s: float, took_s: float) -> Event:
    return Event(at_s, {"event": "row-ended", "step": step, "target": target, "tookSeconds": took_s})


RUN = Profile(
    (
        Event(0.9, {"event": "run-started"}),
        Event(0.9, {"event": "host-connecting", "host": "cp1"}),
        Event(0.9, {"event": "host-connecting", "host": "w1"}),
        Event(1.5, {"event": "host-seen", "host": "w1"}),
        Event(2.0, {"event": "host-seen", "host": "cp1"}),
        ended("images", "w1", 5.0, 2.9),
        ended("images", "cp1", 7.0, 4.9),
        ended("init", "cp1", 20.0, 13.0),
        ended("joined", "w1", 30.0, 9.98),
        ended("quick", "cp1", 20.0, 0.0),
        Event(30.1, {"event": "run-ended"}),
    ),
    30.2,
)


def test_the_parts_follow_one_upon_the_other() -> None:
    told = dict(parts(RUN))
    alone = [seconds for what, seconds in told.items() if not what.startswith(" ")]
    assert abs(sum(alone) - RUN.wall_s) < 0.001
    assert round(told["  cp1: rest of the login, and every question"], 3) == 1.1


def test_the_critical_path_is_what_each_row_had_to_wait_for() -> None:
    assert [row.name for row in critical_path(RUN)] == ["images on cp1", "init on cp1", "joined on w1"]
    assert [row.ended_s for row in critical_path(RUN)] == [7.0, 20.0, 30.0]
