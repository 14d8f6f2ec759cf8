"""Phase workers: the token, the joins, and what the nodes are called and take."""

from bootstrap.model.step import Step
from bootstrap.steps.workers.control_plane_schedulable import ControlPlaneSchedulable
from bootstrap.steps.workers.join_token_live import JoinTokenLive
from bootstrap.steps.workers.join_tokens_revoked import JoinTokensRevoked
from bootstrap.steps.workers.nodes_labelled import NodesLabelled
from bootstrap.steps.workers.worker_joined import WorkerJoined

WORKERS: tuple[Step, ...] = (
    JoinTokenLive(),
    WorkerJoined(),
    NodesLabelled(),
    ControlPlaneSchedulable(),
    JoinTokensRevoked(),
)
