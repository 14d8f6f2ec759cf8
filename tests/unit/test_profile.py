"""The benchmark's reading of a run's events."""

from tests.bench.profile import Event, Profile, critical_path, lines, parts


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


def test_the_parts_follow_one_upon_the_other_and_make_the_wall_time() -> None:
    told = parts(RUN)
    assert abs(sum(seconds for _, seconds in told) - RUN.wall_s) < 0.001
    assert [(what, round(seconds, 2)) for what, seconds in told] == [
        ("start: Python, imports, inventory, bundle's lock; logins begin", 0.9),
        ("rest of the logins, and every question", 1.1),
        ("images on cp1", 4.9),
        ("init on cp1", 13.0),
        ("joined on w1", 9.98),
        ("decisions, short rows, and waiting between rows", 0.22),
        ("summary and exit", 0.1),
    ]


def test_a_run_that_changes_nothing_has_no_rows_to_show() -> None:
    quick = Profile((*RUN.events[:5], ended("init", "cp1", 2.1, 0.0), Event(2.2, {"event": "run-ended"})), 2.5)
    assert [what for what, _ in parts(quick)][2:] == [
        "decisions, short rows, and waiting between rows",
        "summary and exit",
    ]
    assert abs(sum(seconds for _, seconds in parts(quick)) - 2.5) < 0.001


def test_the_critical_path_is_what_each_row_had_to_wait_for() -> None:
    path = [row for row in critical_path(RUN) if row.ended_s > row.began_s]
    assert [row.name for row in path] == ["images on cp1", "init on cp1", "joined on w1"]
    assert [row.ended_s for row in path] == [7.0, 20.0, 30.0]


def test_a_row_waits_for_the_one_before_it_on_its_host_and_not_for_who_ended_by_chance_just_then() -> None:
    told = (ended("long", "cp1", 9.98, 9.0), ended("other", "w1", 9.99, 1.0), ended("next", "cp1", 12.0, 2.0))
    assert [row.name for row in critical_path(Profile(told, 12.0))] == ["long on cp1", "next on cp1"]


def test_a_profile_is_told_with_its_shares() -> None:
    told = list(lines(RUN, "first up"))
    assert told[0] == "first up: where its 30.20 s go"
    assert "   13.00 s   43%  init on cp1" in told
    assert told[-1] == "  answered everything after: w1 1.50 s, cp1 2.00 s"
