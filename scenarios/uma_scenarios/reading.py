"""From the document of a scenario to its model; the document has been checked before."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar, cast

from uma_scenarios.consistency import entries
from uma_scenarios.durations import seconds_of
from uma_scenarios.marks import Marked
from uma_scenarios.model import (
    Act,
    ClientProgram,
    Condition,
    Ending,
    Person,
    Policy,
    Provider,
    Resource,
    Scenario,
    Server,
    Step,
    Verb,
)

_Members = Mapping[str, object]
_T = TypeVar("_T")
_RPT_TIME = "15 minutes"


def scenario_of(marked: Marked, source: str, documents: Mapping[str, object]) -> Scenario:
    """Return the scenario of a document, with the files of its resources by their names."""
    root = cast("_Members", marked.value)
    owner = str(entries(root, "owners")[0]["id"])
    return Scenario(
        id=str(root["id"]),
        title=str(root["title"]),
        summary=_text(root, "summary"),
        owners=_by_id(root, "owners", _person),
        people=_by_id(root, "people", _person),
        providers=_by_id(root, "providers", _provider),
        clients=_by_id(root, "clients", _client),
        servers=_by_id(root, "servers", lambda item: Server(str(item["id"]), str(item["name"]))),
        resources=_by_id(root, "resources", lambda item: _resource(item, owner, documents)),
        policies=_by_id(root, "policies", lambda item: _policy(item, owner)),
        steps=tuple(
            _step(item, marked, index) for index, item in enumerate(entries(root, "steps"))
        ),
        rpt_seconds=seconds_of(str(root.get("rpts_last", _RPT_TIME))),
        source=source,
    )


def _by_id(root: _Members, kind: str, read: Callable[[_Members], _T]) -> dict[str, _T]:
    return {str(item["id"]): read(item) for item in entries(root, kind)}


def _person(item: _Members) -> Person:
    claims = cast("Mapping[str, _Members]", item.get("claims", {}))
    account = cast("_Members | None", item.get("account"))
    return Person(str(item["id"]), str(item["name"]), _text(item, "about"), claims, account)


def _provider(item: _Members) -> Provider:
    return Provider(str(item["id"]), str(item["issuer"]), item.get("trusted", True) is True)


def _client(item: _Members) -> ClientProgram:
    return ClientProgram(
        str(item["id"]),
        str(item["name"]),
        item.get("public") is True,
        frozenset(_texts(item, "scopes")),
        item.get("visits") is True,
    )


def _resource(item: _Members, owner: str, documents: Mapping[str, object]) -> Resource:
    document = item["document"]
    return Resource(
        id=str(item["id"]),
        owner=str(item.get("owner", owner)),
        server=str(item["server"]),
        name=str(item["name"]),
        type=_text(item, "type"),
        scopes=_texts(item, "scopes"),
        document=documents[document] if isinstance(document, str) else document,
        read=_text(item, "read"),
        write=_text(item, "write"),
        related=_texts(item, "related"),
    )


def _policy(item: _Members, owner: str) -> Policy:
    return Policy(
        id=str(item["id"]),
        owner=str(item.get("owner", owner)),
        says=_text(item, "says"),
        who=str(item["who"]),
        conditions=tuple(map(_condition, cast("Sequence[_Members]", item["conditions"]))),
        grants=_permissions(item, "grants"),
        ask=item.get("ask") is True,
        seconds=seconds_of(str(item["for"])) if "for" in item else 0,
        standing=item.get("standing", True) is True,
    )


def _condition(item: _Members) -> Condition:
    value = item["is"]
    values = tuple(cast("Sequence[str]", value)) if isinstance(value, list) else (str(value),)
    return Condition(str(item["claim"]), values, str(item["from"]), _text(item, "question"))


def _step(item: _Members, marked: Marked, index: int) -> Step:
    acts = cast("Sequence[_Members]", item["acts"])
    inherited = {name: item[name] for name in ("who", "with") if name in item}
    return Step(
        id=str(item["id"]),
        title=str(item["title"]),
        tells=_text(item, "tells"),
        why=_text(item, "why"),
        rows=_texts(item, "rows"),
        acts=tuple(
            _act({**inherited, **act}, marked.line(f"/steps/{index}/acts/{number}"))
            for number, act in enumerate(acts)
        ),
        present=frozenset(_texts(item, "present")),
        line=marked.line(f"/steps/{index}"),
    )


def _act(item: _Members, line: int) -> Act:
    verb = Verb(str(item["do"]))
    return Act(
        verb=verb,
        expect=Ending(str(item.get("expect", Ending.DONE))),
        line=line,
        who=_text(item, "who"),
        client=_text(item, "with"),
        legal=frozenset(map(Ending, _texts(item, "legal"))),
        after=frozenset(map(Ending, _texts(item, "after"))),
        resource=_text(item, "resource"),
        operation=_text(item, "operation", "read"),
        rpt=_text(item, "rpt", "latest"),
        rpt_of=_text(item, "rpt_of"),
        ticket=_text(item, "ticket", "latest"),
        claims=_texts(item, "claims"),
        pct=_text(item, "pct"),
        upgrade=item.get("upgrade") is True,
        scopes=_texts(item, "scopes"),
        remember=item.get("remember") is True,
        states=cast("Mapping[str, str]", item.get("states", {})),
        unregistered=item.get("address") == "unregistered",
        policy=_text(item, "policy"),
        wants=_permissions(item, "wants"),
        seconds=seconds_of(str(item["for"])) if "for" in item else 0,
        permits=_permissions(item, "permits") if "permits" in item else None,
        at_least=_permissions(item, "at_least"),
        never=_permissions(item, "never"),
        gives_pct=cast("bool | None", item.get("gives_pct")),
        hints=frozenset(_texts(item, "hints")),
    )


def _text(item: _Members, name: str, standard: str = "") -> str:
    """Return a text on one line, however it was broken up in the file."""
    return " ".join(str(item.get(name, standard)).split())


def _texts(item: _Members, name: str) -> tuple[str, ...]:
    return tuple(cast("Sequence[str]", item.get(name, ())))


def _permissions(item: _Members, name: str) -> Mapping[str, frozenset[str]]:
    given = cast("Mapping[str, Sequence[str]]", item.get(name, {}))
    return {resource: frozenset(scopes) for resource, scopes in given.items()}
