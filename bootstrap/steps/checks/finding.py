"""What every preflight check shares: one that the inventory names in checks.ignore stops nothing."""

from abc import abstractmethod

from bootstrap.model.decision import Blocked, Decision, Satisfied, Waiting
from bootstrap.model.fact import Facts
from bootstrap.model.step import Check
from bootstrap.model.target import Target


class Finding(Check):
    """A check that can be ignored by its name; what it found is then said in its note."""

    def decide(self, target: Target, facts: Facts) -> Decision:
        """What `find` says, unless the inventory ignores it."""
        found = self.find(target, facts)
        if self.name() not in target.inventory.cluster.checks.ignore:
            return found
        match found:
            case Blocked(problem=problem):
                return Satisfied(f"ignored: {problem}")
            case Waiting(on=on):
                return Satisfied(f"ignored: {on}")
        return found

    @abstractmethod
    def find(self, target: Target, facts: Facts) -> Decision:
        """Satisfied, Waiting or Blocked, on these facts alone."""
