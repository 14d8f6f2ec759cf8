"""Sources of a release that the machine itself does not name."""

from bootstrap.model.apt_sources import sources_for

BOOKWORM = (
    "deb http://mirror.example/debian/ bookworm main\n"
    "deb http://mirror.example/debian/ bookworm main\n"
    "deb http://mirror.example/debian/ bookworm-updates main\n"
    "deb http://mirror.example/debian/ bookworm-backports main\n"
    "deb http://mirror.example/debian-security/ bookworm-security main\n"
)


def test_a_release_that_the_machine_names_is_taken_as_it_names_it() -> None:
    assert sources_for("bookworm", BOOKWORM) == (
        "deb http://mirror.example/debian/ bookworm main",
        "deb http://mirror.example/debian/ bookworm-updates main",
        "deb http://mirror.example/debian/ bookworm-backports main",
        "deb http://mirror.example/debian-security/ bookworm-security main",
    )


def test_another_release_comes_from_the_same_mirrors() -> None:
    assert sources_for("trixie", BOOKWORM) == (
        "deb http://mirror.example/debian/ trixie main",
        "deb http://mirror.example/debian/ trixie-updates main",
        "deb http://mirror.example/debian-security/ trixie-security main",
    )


def test_a_machine_that_has_both_mixes_nothing() -> None:
    both = BOOKWORM + "deb http://other.example/debian/ trixie main\n"

    assert sources_for("trixie", both) == ("deb http://other.example/debian/ trixie main",)


def test_a_machine_without_debian_sources_has_none_for_any_release() -> None:
    assert sources_for("trixie", "\n") == ()
