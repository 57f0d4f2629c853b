"""Probes of the permission endpoint (FedAuthz 4)."""

import json

from uma_conformance.probes.probe import probe
from uma_conformance.probes.scene import Scene


def _one(resource: str, *scopes: str) -> dict[str, object]:
    return {"resource_id": resource, "resource_scopes": list(scopes)}


@probe
def requests(scene: Scene) -> None:
    """Ask for tickets in every form that is allowed."""
    a, b, c = (scene.register(("edit", "view")) for _ in range(3))
    rs = scene.resource_server()
    rs.request_permissions(_one(a, "view"), "object")
    rs.request_permissions([_one(a, "view")], "array of one")
    several = [_one(a, "view"), _one(b, "view", "edit"), _one(c, "edit")]
    rs.request_permissions(several, "array of three")
    rs.request_permissions(_one(a), "no scopes")
    rs.request_permissions([_one(a)], "no scopes in an array")
    rs.request_permissions({**_one(a, "view"), "x_reason": "care"}, "extension")
    rs.request_permissions([{**_one(a, "view"), "x_reason": "care"}], "extension in an array")


@probe
def refusals(scene: Scene) -> None:
    """Ask for tickets that must not be issued, each beside one that must."""
    a = scene.register(("edit", "view"))
    b = scene.register(("download", "view"))
    gone = scene.register(("view",))
    scene.resource_server().delete(gone)
    rs = scene.resource_server()
    rs.request_permissions([_one(a, "view")], "control")
    rs.request_permissions([_one(a, "view"), _one(b, "view")], "control of two")
    unknown = f"{a[:-1]}-unknown"
    wrong: dict[str, object] = {
        "unknown resource": [_one(unknown, "view")],
        "deregistered resource": [_one(gone, "view")],
        "unregistered scope": [_one(a, "print")],
        "scope of another resource": [_one(a, "download")],
        "scope in another case": [_one(a, "VIEW")],
        "good and unknown resource": [_one(a, "view"), _one(unknown, "view")],
        "bad scope in the second": [_one(a, "view"), _one(b, "print")],
        "good and bad scope": [_one(a, "view", "print")],
        "no resource_id": [{"resource_scopes": ["view"]}],
        "no resource_scopes": [{"resource_id": a}],
        "scopes as a string": [{"resource_id": a, "resource_scopes": "view"}],
        "empty array": [],
    }
    for label, body in wrong.items():
        rs.request_permissions(body, label, f"Ask for a ticket: {label}")
    whole = json.dumps([_one(a, "view")]).encode()
    rs.request_permissions_raw(whole[:-4], "truncated JSON", "Ask for a ticket: truncated JSON")
    bad = scene.resource_server(pat="not-a-token-of-anybody")
    bad.request_permissions([_one(unknown, "view")], "bad PAT and unknown resource")
