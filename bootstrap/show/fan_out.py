"""One observer that hands each event to several."""

from dataclasses import dataclass

from bootstrap.model.event import Event, Observer


@dataclass(frozen=True, slots=True)
class FanOut:
    """Calls them in order. Each guards itself against threads."""

    observers: tuple[Observer, ...]

    def __call__(self, event: Event) -> None:
        """Take an event, from any thread."""
        for observer in self.observers:
            observer(event)
