"""Every store gives the same answers, whatever is done in whatever order."""

import tempfile
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from uma_reference.authorization_server import Keeper, Store
from uma_reference.authorization_server.handles import (
    BrowserSession,
    Handle,
    PersistedClaims,
    RefreshToken,
)
from uma_reference.authorization_server.model import (
    AccessToken,
    Claims,
    Domain,
    Permission,
    Policy,
    Resource,
    Ticket,
)
from uma_reference.authorization_server.records import AccessRequest, Event, EventKind, Standing
from uma_reference.authorization_server.store import open_store

pytestmark = pytest.mark.long

DOMAINS = [Domain("alice", "rs"), Domain("alice", "rs\u0000"), Domain("bob", "rs")]
# A resource keeps its domain.
RESOURCES = {"photo": DOMAINS[0], "n" * 300: DOMAINS[0], "\udc80": DOMAINS[1], "é\\": DOMAINS[2]}
OWNERS = ["alice", "bob"]
VALUES = ["a", "b", "\u0000"]
GRANTS = ["", "g", "h"]
TIMES = st.integers(0, 20)
resource_ids = st.sampled_from(list(RESOURCES))
values = st.sampled_from(VALUES)
scopes = st.frozensets(st.sampled_from(["view", "print"]))
permissions = st.builds(Permission, resource_ids, scopes, TIMES).map(lambda item: (item,))
descriptions = st.dictionaries(st.text(max_size=3), st.none() | st.text() | st.integers())
tickets = st.builds(Ticket, values, st.sampled_from(DOMAINS), permissions, TIMES)
tokens = st.builds(
    AccessToken,
    value=values,
    client=st.just("c"),
    domain=st.none() | st.sampled_from(DOMAINS),
    issued_at=TIMES,
    expires_at=TIMES,
    grant=st.sampled_from(GRANTS),
)
handles: st.SearchStrategy[Handle] = st.builds(
    RefreshToken,
    value=values,
    client=st.just("c"),
    domain=st.sampled_from(DOMAINS),
    permissions=st.none() | permissions,
    expires_at=TIMES,
    grant=st.sampled_from(GRANTS),
) | st.builds(BrowserSession, values, st.just("alice"), TIMES, TIMES, st.sampled_from(GRANTS))
parties = st.sampled_from(["bob", "carol"]).map(lambda name: Claims("idp", {"sub": name}))
remembered = st.builds(
    PersistedClaims,
    value=values,
    client=st.sampled_from(["c", "d"]),
    claims=parties,
    expires_at=TIMES,
    grant=st.sampled_from(GRANTS),
)
kinds = st.sampled_from([RefreshToken, BrowserSession, PersistedClaims])
Opener = Callable[[], AbstractContextManager[str]]


class Stores(RuleBasedStateMachine):
    """Does the same to all stores and compares what they answer."""

    openers: Sequence[Opener]
    compared: ClassVar[Counter[bool]]

    def __init__(self) -> None:
        super().__init__()
        self.opened = ExitStack()
        urls = ["memory:", *(self.opened.enter_context(opener()) for opener in self.openers)]
        self.keepers: list[Keeper] = [open_store(url) for url in urls]
        self.fresh = 0
        self.policy_ids: list[str] = ["none"]
        self.request_ids: list[str] = ["none"]

    def teardown(self) -> None:
        for keeper in self.keepers:
            keeper.close()
        self.opened.close()

    def same(self, work: Callable[[Store], object]) -> object:
        found = [keeper.run(work) for keeper in self.keepers]
        assert all(item == found[0] for item in found)
        self.compared[bool(found[0])] += 1
        return found[0]

    def name(self) -> str:
        self.fresh += 1
        return f"id-{self.fresh}"

    def policy(self, resource_id: str, given: frozenset[str]) -> Policy:
        policy = Policy(self.name(), resource_id, given)
        self.policy_ids.append(policy.id)
        return policy

    @rule(name=resource_ids, description=descriptions)
    def put_resource(self, name: str, description: dict[str, object]) -> None:
        resource = Resource(name, RESOURCES[name], description)
        self.same(lambda store: store.put_resource(resource))

    @rule(name=resource_ids)
    def delete_resource(self, name: str) -> None:
        self.same(lambda store: store.delete_resource(name))

    @rule(name=resource_ids, given=scopes)
    def add_policy(self, name: str, given: frozenset[str]) -> None:
        policy = self.policy(name, given)
        self.same(lambda store: store.add_policy(policy))

    @rule(name=resource_ids, several=st.lists(scopes, max_size=3))
    def set_policies(self, name: str, several: list[frozenset[str]]) -> None:
        policies = [self.policy(name, given) for given in several]
        self.same(lambda store: store.set_policies(name, policies))

    @rule(data=st.data())
    def drop_policy(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(self.policy_ids))
        self.same(lambda store: store.drop_policy(name))

    @rule(ticket=tickets)
    def put_ticket(self, ticket: Ticket) -> None:
        self.same(lambda store: store.put_ticket(ticket))

    @rule(value=values)
    def take_ticket(self, value: str) -> None:
        self.same(lambda store: store.take_ticket(value))

    @rule(token=tokens)
    def put_token(self, token: AccessToken) -> None:
        self.same(lambda store: store.put_token(token))

    @rule(value=values)
    def drop_token(self, value: str) -> None:
        self.same(lambda store: store.drop_token(value))

    @rule(handle=handles)
    def put_handle(self, handle: Handle) -> None:
        self.same(lambda store: store.put_handle(handle))

    @rule(handle=remembered)
    def remember(self, handle: PersistedClaims) -> None:
        self.same(lambda store: store.put_handle(handle))

    @rule(party=parties, client=st.sampled_from(["c", "d"]))
    def forget(self, party: Claims, client: str) -> None:
        subject = str(party.values["sub"])
        self.same(lambda store: store.forget_persisted("idp", subject, client))

    @rule(kind=kinds, value=values)
    def take_handle(self, kind: type[Handle], value: str) -> None:
        self.same(lambda store: store.take_handle(kind, value))

    @rule(grant=st.sampled_from(GRANTS))
    def end_grant(self, grant: str) -> None:
        self.same(lambda store: store.end_grant(grant))

    @rule(domain=st.sampled_from(DOMAINS), party=parties, asked=permissions, at=TIMES)
    def submit(self, domain: Domain, party: Claims, asked: tuple[Permission, ...], at: int) -> None:
        request = AccessRequest(self.name(), domain, "c", party, asked, at)
        self.request_ids.append(request.id)
        self.same(lambda store: store.submit(request))

    @rule(data=st.data(), to=st.sampled_from([Standing.APPROVED, Standing.DENIED]), at=TIMES)
    def decide(self, data: st.DataObject, to: Standing, at: int) -> None:
        name = data.draw(st.sampled_from(self.request_ids))
        self.same(lambda store: store.decide(name, to, at))

    @rule(owner=st.sampled_from(OWNERS), at=TIMES, detail=st.text())
    def append(self, owner: str, at: int, detail: str) -> None:
        event = Event(at, EventKind.GRANTED, owner, detail=detail)
        self.same(lambda store: store.append(event))

    @rule(key=values, now=TIMES, seconds=st.integers(1, 5))
    def count(self, key: str, now: int, seconds: int) -> None:
        self.same(lambda store: store.count(key, now, seconds))

    @rule(key=values, now=TIMES)
    def counted(self, key: str, now: int) -> None:
        self.same(lambda store: store.counted(key, now))

    @rule(before=TIMES)
    def sweep(self, before: int) -> None:
        self.same(lambda store: store.sweep(before))

    @invariant()
    def all_is_the_same(self) -> None:
        self.same(everything)


def everything(store: Store) -> object:
    """Return all that can be seen without changing it."""
    return (
        [list(store.resources(domain)) for domain in DOMAINS],
        [store.resource(name) for name in RESOURCES],
        [list(store.policies(name)) for name in RESOURCES],
        # The order of resource servers is left open.
        [sorted(item.id for item in store.owned(owner)) for owner in OWNERS],
        [sorted(item.id for item in store.policies_of(owner)) for owner in OWNERS],
        [store.token(value) for value in VALUES],
        [store.handle(RefreshToken, value) for value in VALUES],
        [store.handle(BrowserSession, value) for value in VALUES],
        [store.handle(PersistedClaims, value) for value in VALUES],
        [list(store.persisted_of("idp", name)) for name in ("bob", "carol")],
        [list(store.requests(owner)) for owner in OWNERS],
        [list(store.events(owner, 3, 1)) for owner in OWNERS],
    )


@contextmanager
def sqlite_file() -> Generator[str]:
    """Yield the URL of a database file that goes again with the block."""
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{Path(folder) / 'store.db'}"


def compared(opener: Opener) -> Counter[bool]:
    """Count the answers that were the same, by whether they had something in them."""

    class Pair(Stores):
        openers = (opener,)
        compared: ClassVar[Counter[bool]] = Counter()

    run_state_machine_as_test(
        Pair, settings=settings(max_examples=12, stateful_step_count=40, deadline=None)
    )
    return Pair.compared


def test_a_file_does_what_memory_does() -> None:
    assert min(compared(sqlite_file)[there] for there in (True, False)) > 0


def test_postgresql_does_what_memory_does(postgresql_schema: Opener) -> None:
    assert min(compared(postgresql_schema)[there] for there in (True, False)) > 0
