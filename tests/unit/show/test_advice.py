"""What to do next, as lines of a screen."""

from bootstrap.show.advice import advised


def test_commands_stand_in_a_block_that_a_shell_takes_as_it_is() -> None:
    told = list(advised("on cp1:\nsudo nft list ruleset\n# then run again\n"))
    assert told == ["next: on cp1:", "      sudo nft list ruleset", "      # then run again"]
    assert list(advised("")) == []
