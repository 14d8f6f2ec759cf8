"""The run's join token: how it is named and described, so that it can be told from a user's own; how long it lives."""

from datetime import timedelta

DESCRIPTION = "kboot run {run}"
DESCRIBES_OURS = DESCRIPTION.format(run="")
_HOURS = 2
LIFETIME = timedelta(hours=_HOURS)
# The same for Go's durations and for date(1), which people read too.
TTL, LIFETIME_WORDS = f"{_HOURS}h0m0s", f"{_HOURS} hours"
LEAST_LEFT_S = 300.0
