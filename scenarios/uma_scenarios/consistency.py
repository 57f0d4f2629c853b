"""What a schema cannot say of a scenario: names lead to what is there, each is given once."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from uma_scenarios.durations import seconds_of
from uma_scenarios.model import ACCOUNT, SELF

_Members = Mapping[str, object]
_KINDS = ("owners", "people", "providers", "clients", "servers", "resources", "policies", "steps")


@dataclass(frozen=True, slots=True)
class Slip:
    """Something that is wrong at a place of the document, a JSON pointer."""

    pointer: str
    problem: str


def slips(document: object) -> Iterator[Slip]:
    """Yield what is wrong with a document that its schema accepts."""
    root = cast("_Members", document)
    yield from _Check(root).every()


def entries(root: _Members, kind: str) -> Sequence[_Members]:
    """Return the entries of a kind; none when it is left out."""
    return cast("Sequence[_Members]", root.get(kind, ()))


class _Check:
    def __init__(self, root: _Members) -> None:
        self._root = root
        self._ids = {kind: [str(item["id"]) for item in entries(root, kind)] for kind in _KINDS}
        self._scopes = {
            str(item["id"]): set(cast("Sequence[str]", item["scopes"]))
            for item in entries(root, "resources")
        }

    def every(self) -> Iterator[Slip]:
        """Yield everything that is wrong."""
        yield from self._repeated()
        for index, resource in enumerate(entries(self._root, "resources")):
            yield from self._resource(f"/resources/{index}", resource)
        for index, policy in enumerate(entries(self._root, "policies")):
            yield from self._policy(f"/policies/{index}", policy)
        for index, person in enumerate(entries(self._root, "people")):
            given = cast("_Members", person.get("claims", {}))
            yield from self._names(f"/people/{index}/claims", given, "providers")
        for index, step in enumerate(entries(self._root, "steps")):
            yield from self._step(f"/steps/{index}", step)

    def _repeated(self) -> Iterator[Slip]:
        groups = (("owners", "people"), *((kind,) for kind in _KINDS[2:]))
        for group in groups:
            seen: set[str] = set()
            for kind in group:
                for index, name in enumerate(self._ids[kind]):
                    if name in seen:
                        yield Slip(f"/{kind}/{index}/id", f"the id {name} is taken")
                    seen.add(name)

    def _resource(self, at: str, resource: _Members) -> Iterator[Slip]:
        yield from self._name(f"{at}/server", resource["server"], "servers")
        if "owner" in resource:
            yield from self._name(f"{at}/owner", resource["owner"], "owners")
        related = cast("Sequence[str]", resource.get("related", ()))
        yield from self._names(f"{at}/related", related, "resources")
        for operation in ("read", "write"):
            scope = resource.get(operation)
            if scope is not None and scope not in self._scopes[str(resource["id"])]:
                yield Slip(f"{at}/{operation}", f"{scope} is none of the scopes of the resource")

    def _policy(self, at: str, policy: _Members) -> Iterator[Slip]:
        yield from self._name(f"{at}/who", policy["who"], "people")
        if "owner" in policy:
            yield from self._name(f"{at}/owner", policy["owner"], "owners")
        yield from self._permissions(f"{at}/grants", policy["grants"])
        yield from _duration(f"{at}/for", policy.get("for"))
        for index, item in enumerate(cast("Sequence[_Members]", policy["conditions"])):
            if item["from"] not in {ACCOUNT, SELF}:
                yield from self._name(f"{at}/conditions/{index}/from", item["from"], "providers")

    def _step(self, at: str, step: _Members) -> Iterator[Slip]:
        present = cast("Sequence[str]", step.get("present", ()))
        yield from self._names(f"{at}/present", present, "owners")
        for index, act in enumerate(cast("Sequence[_Members]", step["acts"])):
            inherited = {name: step[name] for name in ("who", "with") if name in step}
            yield from self._act(f"{at}/acts/{index}", {**inherited, **act}, present)
            if index == 0 and "after" in act:
                yield Slip(f"{at}/acts/0/after", "no act stands before the first one")

    def _act(self, at: str, act: _Members, present: Sequence[str]) -> Iterator[Slip]:
        verb = str(act["do"])
        if verb in _BY_CLIENT:
            for name, kind in (("who", "people"), ("with", "clients")):
                if name not in act:
                    yield Slip(at, f"{verb} needs {name}, here or beside the title of the step")
                else:
                    yield from self._name(f"{at}/{name}", act[name], kind)
        for name, kind in _REFERENCES:
            if name in act:
                yield from self._name(f"{at}/{name}", act[name], kind)
        if act.get("pct", "own") != "own":
            yield from self._name(f"{at}/pct", act["pct"], "clients")
        if verb == "request-ticket" and ("resource" in act) is ("wants" in act):
            yield Slip(at, "say either which resource it is about, or what it wants")
        if verb == "request-ticket" and len(self._servers_of(act)) > 1:
            yield Slip(f"{at}/wants", "one ticket is for resources of one owner at one server")
        for name in ("permits", "at_least", "never", "wants"):
            yield from self._permissions(f"{at}/{name}", act.get(name, {}))
        yield from _duration(f"{at}/for", act.get("for"))
        yield from self._claims(at, act)
        yield from self._presence(at, act, present)

    def _servers_of(self, act: _Members) -> set[tuple[object, object]]:
        wanted = cast("_Members", act.get("wants", {}))
        found = [item for item in entries(self._root, "resources") if item["id"] in wanted]
        return {(item["server"], item.get("owner", self._ids["owners"][0])) for item in found}

    def _claims(self, at: str, act: _Members) -> Iterator[Slip]:
        people = {str(item["id"]): item for item in entries(self._root, "people")}
        person = people.get(str(act.get("who")))
        told = cast("_Members", person.get("claims", {})) if person else dict[str, object]()
        for name in cast("Sequence[str]", act.get("claims", ())):
            if person is not None and name not in told:
                yield Slip(f"{at}/claims", f"{name} says nothing of {act['who']}")

    def _presence(self, at: str, act: _Members, present: Sequence[str]) -> Iterator[Slip]:
        """Owners who act have to be there, which the step says with `present`."""
        first = self._ids["owners"][0]
        kind = {"approve": "resources", "deny": "resources"}.get(str(act["do"]), "policies")
        if act["do"] not in {"approve", "deny", "share", "withdraw"}:
            return
        name = act["resource"] if kind == "resources" else act["policy"]
        found = next((item for item in entries(self._root, kind) if item["id"] == name), None)
        owner = str(found.get("owner", first)) if found else first
        if found is not None and owner not in present:
            yield Slip(at, f"{owner} does this; say so with present: [{owner}]")

    def _permissions(self, at: str, value: object) -> Iterator[Slip]:
        for resource, scopes in cast("Mapping[str, Sequence[str]]", value).items():
            if resource not in self._scopes:
                yield Slip(f"{at}/{resource}", f"there is no {resource} among the resources")
                continue
            for scope in scopes:
                if scope not in self._scopes[resource]:
                    yield Slip(f"{at}/{resource}", f"{scope} is none of its scopes")

    def _names(self, at: str, names: Iterable[object], kind: str) -> Iterator[Slip]:
        for name in names:
            yield from self._name(at, name, kind)

    def _name(self, at: str, name: object, kind: str) -> Iterator[Slip]:
        if name not in self._ids[kind]:
            known = ", ".join(self._ids[kind]) or "none"
            yield Slip(at, f"there is no {name} among the {kind}: {known}")


def _duration(at: str, text: object) -> Iterator[Slip]:
    if text is None:
        return
    try:
        seconds_of(str(text))
    except ValueError as error:
        yield Slip(at, str(error))


_BY_CLIENT = frozenset({"use", "ask", "visit", "refresh", "introspect"})
_REFERENCES = (("resource", "resources"), ("policy", "policies"), ("rpt_of", "servers"))
