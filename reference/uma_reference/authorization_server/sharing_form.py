"""The form by which an owner shares a resource: what was typed, and the policy that it makes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from uma_reference.authorization_server.accounts import Account
from uma_reference.authorization_server.config import Feature
from uma_reference.authorization_server.core import Core
from uma_reference.authorization_server.model import SELF_ASSERTED, Resource
from uma_reference.authorization_server.words import DAY

SCOPE = "scope."
_LONGEST_ADDRESS = 254


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a field of a form."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Choices:
    """What the form offers: accounts to share with, and issuers as value and words.

    `here` is the server itself as the issuer of claims.
    """

    here: str
    accounts: tuple[Account, ...]
    issuers: tuple[tuple[str, str], ...]
    can_ask: bool
    can_state: bool


def choices(core: Core, owner: Account) -> Choices:
    """Return what an owner can choose from; accounts only if their holders can be asked here."""
    interactive = core.has(Feature.INTERACTIVE_CLAIMS)
    people = sorted(core.config.accounts.values(), key=lambda item: (item.shown, item.id))
    here = ((core.config.issuer, "this server, about those who have an account"),)
    trusted = ((item.issuer, item.issuer) for item in core.config.trusted_issuers)
    return Choices(
        core.config.issuer,
        tuple(item for item in people if item.id != owner.id) if interactive else (),
        (("", "any issuer that this server trusts"), *(here if interactive else ()), *trusted),
        core.has(Feature.REQUEST_SUBMITTED),
        interactive,
    )


def read_sharing(
    core: Core, offered: Choices, resource: Resource, form: Mapping[str, str]
) -> tuple[Mapping[str, object], tuple[Problem, ...]]:
    """Return the policy that a form describes, as the owner's API takes it, and its problems."""
    problems: list[Problem] = []
    ticked = sorted(scope for scope in resource.scopes if form.get(SCOPE + scope) == "yes")
    whom = _whom(offered, form, problems)
    if resource.scopes and not ticked:
        problems.append(Problem("scopes", "Choose at least one thing that they may do."))
    end = read_until(form, core.clock.now(), problems)
    conditions = [*whom, *_further(offered, form, problems)]
    document = {
        "scopes": ticked,
        "conditions": conditions,
        "anyone": not conditions,
        # The owner is asked about scopes; without any there is nothing to ask.
        "ask": offered.can_ask and bool(ticked) and form.get("ask") == "yes",
        "expires_at": end,
    }
    return document, tuple(problems)


def read_until(form: Mapping[str, str], now: int, problems: list[Problem]) -> int:
    """Return the end of the day up to which something holds, 0 when none was typed."""
    typed = form.get("until", "").strip()
    if not typed:
        return 0
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        problems.append(Problem("until", "Write a date as year, month and day: 2027-03-31."))
        return 0
    end = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) + DAY
    if end <= now:
        problems.append(Problem("until", "Choose today or a later day."))
    if day.year > 9998:
        problems.append(Problem("until", "Choose an earlier day, or none for no end."))
    return end


def _whom(
    offered: Choices, form: Mapping[str, str], problems: list[Problem]
) -> Sequence[Mapping[str, object]]:
    match form.get("who"):
        case "known":
            return _known(offered, form, problems)
        case "email":
            return _email(offered, form, problems)
        case "claim":
            name, value = form.get("claim", "").strip(), form.get("claim_value", "").strip()
            if not name:
                problems.append(Problem("claim", "Write the name of a claim, such as role."))
            if not value:
                problems.append(Problem("claim_value", "Write what the claim has to say."))
            issuer = _issuer(offered, form, "claim_issuer", problems)
            return [{"claim": name, "values": [value], "issuer": issuer}]
        case "anyone":
            return []
        case _:
            problems.append(Problem("who", "Choose with whom to share."))
            return []


def _known(
    offered: Choices, form: Mapping[str, str], problems: list[Problem]
) -> Sequence[Mapping[str, object]]:
    account = form.get("account", "")
    if account not in {item.id for item in offered.accounts}:
        problems.append(Problem("account", "Choose a person from the list."))
    return [{"claim": "sub", "values": [account], "issuer": offered.here}]


def _email(
    offered: Choices, form: Mapping[str, str], problems: list[Problem]
) -> Sequence[Mapping[str, object]]:
    address = form.get("email", "").strip()
    local, _, host = address.rpartition("@")
    plain = address.isprintable() and " " not in address and len(address) <= _LONGEST_ADDRESS
    if not (local and host and plain):
        problems.append(Problem("email", "Write an e-mail address: name@example.org."))
    issuer = _issuer(offered, form, "email_issuer", problems)
    return [{"claim": "email", "values": [address], "issuer": issuer}]


def _further(
    offered: Choices, form: Mapping[str, str], problems: list[Problem]
) -> Sequence[Mapping[str, object]]:
    name, value = form.get("further", "").strip(), form.get("further_value", "").strip()
    if not name and not value:
        return []
    if not name:
        problems.append(Problem("further", "Write what they have to tell, such as purpose."))
    if not value:
        problems.append(Problem("further_value", "Write the answer that you accept."))
    issuer = form.get("further_issuer", "")
    if not (issuer == SELF_ASSERTED and offered.can_state):
        issuer = _issuer(offered, form, "further_issuer", problems)
    label = form.get("further_label", "").strip()
    return [{"claim": name, "values": [value], "issuer": issuer, "friendly_name": label}]


def _issuer(offered: Choices, form: Mapping[str, str], field: str, problems: list[Problem]) -> str:
    issuer = form.get(field, "")
    if issuer not in {value for value, _ in offered.issuers}:
        problems.append(Problem(field, "Choose one from the list."))
    return issuer
