"""Resource descriptions: what is accepted and what replaces what (FedAuthz 3.1, 3.2.3)."""

from collections.abc import Mapping

from uma_reference.authorization_server.documents import members_of, strings_of
from uma_reference.authorization_server.errors import invalid_request

_TEXTS = ("name", "description", "icon_uri", "type")
_TRANSLATED = ("name#", "description#")


def accept_description(value: object) -> Mapping[str, object]:
    """Return a description to keep; raise `invalid_request` for one that is not of the form.

    Unknown members are kept, as extensions; `_id` and the policy URI are the server's to give.
    """
    members = members_of(value, "a resource description")
    if "resource_scopes" not in members:
        raise invalid_request("resource_scopes is missing")
    strings_of(members["resource_scopes"], "resource_scopes")
    for name, member in members.items():
        if (name in _TEXTS or name.startswith(_TRANSLATED)) and not isinstance(member, str):
            raise invalid_request("name, description, icon_uri and type have to be strings")
    own = {"_id", "user_access_policy_uri"}
    return {name: member for name, member in members.items() if name not in own}


def replace_description(
    old: Mapping[str, object],  # noqa: ARG001 - the form of the decision; nothing of it stays
    new: Mapping[str, object],
) -> Mapping[str, object]:
    """Return what an update leaves: the new description alone, nothing of the old one."""
    return new
