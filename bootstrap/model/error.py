"""The one exception that reaches a person: what failed, where, the evidence, what to do next."""

from collections.abc import Mapping

from bootstrap.model.codes import Code
from bootstrap.model.exit_code import ExitCode


class KbootError(Exception):
    """Raised anywhere, shown once by the error boundary in cli/. `where` is a host, a file:line:column or a step."""

    def __init__(
        self,
        code: Code,
        problem: str,
        *,
        where: str = "",
        evidence: str = "",
        advice: str = "",
        exit_code: ExitCode = ExitCode.FAILED,
    ) -> None:
        super().__init__(f"{code} {where}: {problem}" if where else f"{code} {problem}")
        self.code = code
        self.problem = problem
        self.where = where
        self.evidence = evidence
        self.advice = advice
        self.exit_code = exit_code

    def details(self) -> Mapping[str, object]:
        """What a program may want to know of this kind of error beside its parts: keys of its JSON document."""
        return {}
