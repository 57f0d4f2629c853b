"""How acts end, in words for people who know nothing of the protocol."""

from collections.abc import Mapping

_PLAIN: Mapping[str, str] = {
    "done": "done",
    "served": "handed over",
    "challenged": "turned away to ask for permission",
    "unreachable": "turned away, as nobody can say whether it is permitted",
    "gone": "not there any more",
    "granted": "permitted",
    "need_info": "asked who it is for",
    "request_submitted": "put to the owner",
    "request_denied": "not permitted",
    "invalid_grant": "refused, as what was shown does not count",
    "claims_refused": "refused, as its word is not taken",
    "invalid_scope": "refused, as that cannot be asked for",
    "invalid_resource_id": "refused, as it is not known",
    "returned": "sent back with what was needed",
    "sent_back_with_error": "sent back with nothing",
    "stayed": "not sent back",
    "ticket": "given a ticket",
    "active": "found to count",
    "inactive": "found to count no more",
    "got": "handed over to a client of somebody else",
    "refused": "refused to a client of somebody else",
    "put off": "put off, with a client of somebody else",
    "other": "answered in another way",
}


def plain_ending(ending: str) -> str:
    """Return an ending in plain words; one that has none stands for itself."""
    return _PLAIN.get(ending, ending.replace("_", " "))
