"""Which rows a run walks: --limit, --only, --skip."""

from dataclasses import dataclass

from bootstrap.model.playbook import Row


@dataclass(frozen=True)
class Selection:
    """Empty `limit` and `only` mean all. `limit` names the hosts that may change; the cluster is always walked."""

    limit: frozenset[str] = frozenset()
    only: frozenset[str] = frozenset()
    skip: frozenset[str] = frozenset()

    def has_step(self, row: Row) -> bool:
        """Whether the row's step takes part in this run. What is undone at the end is undone with --only too."""
        name = row.step.name()
        return name not in self.skip and (not self.only or row.closing or name in self.only)

    def has_host(self, row: Row) -> bool:
        """Whether the row's host may change."""
        return row.target.kind != "host" or not self.limit or row.target.name in self.limit

    def walks(self, row: Row) -> bool:
        """Whether the row is walked."""
        return self.has_step(row) and self.has_host(row)


EVERYTHING = Selection()
