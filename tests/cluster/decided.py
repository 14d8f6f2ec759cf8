"""What kboot decides on a lab's facts of now, in this process: the laws of design.md on real answers."""

from bootstrap.cli.asked import Asked
from bootstrap.cli.preparing import prepare
from bootstrap.cli.site import connections
from bootstrap.model.decision import Later, Satisfied
from bootstrap.model.playbook import rows
from bootstrap.run import plan_run
from bootstrap.run.order import Order
from tests.cluster.scene import Scene


def hasty(scene: Scene) -> list[str]:
    """Rows that say Later although all that they follow holds: with that said, nothing would ever bring them about."""
    prepared = prepare(Asked("up", scene.inventory))
    with connections(prepared.site) as hosts:
        plan = plan_run(prepared.playbook, prepared.wanted, hosts, prepared.selection, lambda _event: None)
    order = Order(rows(prepared.playbook, prepared.wanted))
    holding = {one.row.id for one in plan.rows if isinstance(one.decision, Satisfied) and not one.asked_again_after}
    return [
        f"{' on '.join(one.row.id)}: {one.decision}"
        for one in plan.rows
        if isinstance(one.decision, Later) and all(other.id in holding for other in order.followed(one.row))
    ]
