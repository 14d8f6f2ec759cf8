"""The run's join token: how it is named and described, so that it can be told from a user's own."""

DESCRIPTION = "kboot run {run}"
DESCRIBES_OURS = DESCRIPTION.format(run="")
TTL = "2h0m0s"
LIFETIME = "2 hours"
LEAST_LEFT_S = 300.0
