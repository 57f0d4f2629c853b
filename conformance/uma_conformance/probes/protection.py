"""Probes of who may use the protection API, and for whom (FedAuthz 1.3)."""

from uma_conformance.actors.resource_server import ResourceServer
from uma_conformance.drivers.protocol import (
    OTHER_OWNER,
    OTHER_RESOURCE_SERVER,
    OWNER,
    RESOURCE_SERVER,
    Policy,
)
from uma_conformance.probes.probe import probe
from uma_conformance.probes.scene import Scene

OPERATIONS = ("create", "read", "update", "delete", "list", "permission")
_VIEW = frozenset({"view"})


def _use_everything(scene: Scene, rs: ResourceServer, resource: str, who: str) -> None:
    """Use each operation, deleting last."""
    rs.create(scene.description(("view",)), f"create {who}", f"Register {who}")
    rs.read(resource, f"read {who}", f"Read {who}")
    rs.update(resource, scene.description(("view",)), f"update {who}", f"Update {who}")
    rs.list(f"list {who}", f"List {who}")
    wanted = [{"resource_id": resource, "resource_scopes": ["view"]}]
    rs.request_permissions(wanted, f"permission {who}", f"Ask for a ticket {who}")
    rs.delete(resource, f"delete {who}", f"Delete {who}")


@probe
def with_pat(scene: Scene) -> None:
    """Use every operation with a valid PAT, as the control of all refusals."""
    resource = scene.register(("edit", "view"))
    _use_everything(scene, scene.resource_server(), resource, "with the PAT")


@probe
def without_pat(scene: Scene) -> None:
    """Use every operation without a token and with one that nobody issued."""
    rs = scene.resource_server()
    for who, token in (("without a token", ""), ("with a made-up token", "made-up-token-0123456")):
        resource = scene.register(("edit", "view"))
        rs.read(resource, f"before {who}")
        _use_everything(scene, scene.resource_server(pat=token), resource, who)
        rs.read(resource, f"after {who}")


@probe
def plain_token(scene: Scene) -> None:
    """Use every operation with a valid token that lacks the scope uma_protection."""
    token = scene.driver.plain_token(OWNER, RESOURCE_SERVER)
    resource = scene.register(("edit", "view"))
    who = "with a token without uma_protection"
    rs = scene.resource_server()
    rs.read(resource, f"before {who}")
    _use_everything(scene, scene.resource_server(pat=token), resource, who)
    rs.read(resource, f"after {who}")


@probe
def rpt_as_pat(scene: Scene) -> None:
    """Use every operation with an RPT in place of the PAT."""
    resource = scene.register(("edit", "view"), [Policy(_VIEW)])
    ticket = scene.ticket({resource: _VIEW})
    rpt = scene.rpt(scene.client().request_rpt(ticket, scene.claims()))
    rs = scene.resource_server()
    rs.read(resource, "before with an RPT")
    _use_everything(scene, scene.resource_server(pat=rpt), resource, "with an RPT")
    rs.read(resource, "after with an RPT")


@probe
def isolation(scene: Scene) -> None:
    """Reach for one owner's resource with the PAT of another owner."""
    pats = [
        scene.driver.pat(owner, server)
        for owner in (OWNER, OTHER_OWNER)
        for server in (RESOURCE_SERVER, OTHER_RESOURCE_SERVER)
    ]
    scene.facts["distinct PATs"] = len(set(pats))
    hers = scene.register(("edit", "view"))
    theirs = scene.register(("edit", "view"), owner=OTHER_OWNER)
    scene.facts["hers"], scene.facts["theirs"] = hers, theirs
    rs = scene.resource_server()
    rs.read(hers, "before")
    rs.list("own list")
    other = scene.resource_server(OTHER_OWNER)
    other.read(theirs, "control")
    other.read(hers, "read")
    other.update(hers, scene.description(("edit", "view"), OTHER_OWNER), "update")
    other.list("list")
    wanted = {"resource_id": hers, "resource_scopes": ["view"]}
    own = {"resource_id": theirs, "resource_scopes": ["view"]}
    other.request_permissions([own], "control permission")
    other.request_permissions([wanted], "permission")
    other.request_permissions([own, wanted], "mixed permission")
    other.delete(hers, "delete")
    rs.read(hers, "after")
