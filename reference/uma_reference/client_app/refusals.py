"""Why there is no document, in plain words, and what a person can do about it."""

from dataclasses import dataclass, replace

from uma_reference.client import Done, HttpAnswer, Refused

_ASK_OWNER = "Ask the person whose document it is to share it with you."
_ASK_FOR_CHANGE = "Ask the person whose document it is to let you change it."
_ADVICE = {
    "request_denied": _ASK_OWNER,
    "need_info": (
        "This application has nothing more to say about you. If you signed in somewhere else than "
        "you meant to, open the document again."
    ),
    "insufficient": _ASK_OWNER,
    "invalid_scope": _ASK_OWNER,
    "no_client": "The people who run this application have to register it there.",
    "invalid_client": "The people who run this application have to register it there anew.",
    "untrusted_issuer": "The people who run this application decide which servers it deals with.",
    "unknown_server": "The people who run this application decide which servers it deals with.",
    "access_denied": "If you did not mean to refuse, open the document again.",
    "too_large": "Documents of this size cannot be shown here.",
    "state_mismatch": "If you did not do this yourself, you need not do anything.",
}
_TRY_LATER = "That may pass. Try again in a while."
_ELSE = "You can open the document again. If that does not help, tell those who run the server."
_ANSWERS = {
    403: ("You may not do that", "The resource server refuses what was asked for.", _ASK_OWNER),
    404: ("Nothing is there", "The resource server has no document at this address.", ""),
    405: ("That cannot be done", "The resource server does not allow this with the document.", ""),
    409: (
        "Somebody else was faster",
        "The document was changed in the meantime, so your change was not saved.",
        "Open the document again and make your change anew.",
    ),
    410: ("Nothing is there any more", "The document was taken away.", ""),
    413: ("That is too long", "The resource server takes no document of this length.", ""),
}
_ANSWERS[412] = _ANSWERS[409]


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a page says: a heading, why, what to do, and the word that servers have for it."""

    heading: str
    why: str
    advice: str
    code: str


def refusal_of(end: Done | Refused, *, change: bool = False) -> Refusal:
    """Describe the end of a request that brought no document, or of a `change` not made."""
    found = _of_refused(end) if isinstance(end, Refused) else _of_answer(end.response)
    if change and found.advice == _ASK_OWNER:
        return replace(found, heading="Your change was not saved", advice=_ASK_FOR_CHANGE)
    return found


def _of_refused(refused: Refused) -> Refusal:
    """Describe the end of a flow."""
    why = refused.why[:1].upper() + refused.why[1:]
    if refused.passing:
        return Refusal("Not possible at the moment", f"{why}.", _TRY_LATER, refused.error)
    denied = refused.error in {"request_denied", "access_denied"}
    heading = "You were not given access" if denied else "The document could not be opened"
    return Refusal(heading, f"{why}.", _ADVICE.get(refused.error, _ELSE), refused.error)


def _of_answer(answer: HttpAnswer) -> Refusal:
    """Describe an answer of a resource server that is no success."""
    code = f"status {answer.status}"
    if answer.status >= 500:
        why = "The resource server has a problem of its own."
        return Refusal("Not possible at the moment", why, _TRY_LATER, code)
    known = _ANSWERS.get(answer.status)
    if known is not None:
        return Refusal(*known, code)
    why = "The resource server answers with something that is no document."
    return Refusal("The document could not be opened", why, _ELSE, code)
