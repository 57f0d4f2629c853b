"""The driver `table`: what can be judged of a server where everything was set up by hand."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

import pytest

from uma_conformance.drivers.protocol import (
    BARE_CLIENT,
    BARE_PUBLIC_CLIENT,
    CLIENT,
    OTHER_PARTY,
    OWNER,
    PARTY,
    RESOURCE_SERVER,
    DriverError,
    Flaw,
    NotRegistrable,
    Policy,
    Unsupported,
)
from uma_conformance.drivers.table import TableDriver
from uma_conformance.rehearsal import State
from uma_conformance.target import parse_target

pytestmark = pytest.mark.usefixtures("unmeasured")

_VIEW = frozenset({"view"})
_BOTH = frozenset({"edit", "view"})
_HEAD = (
    '[target]\nname = "x"\nrole = "as"\nissuer = "https://as.example"\n[driver]\nkind = "table"\n'
)
_ONE = """
[[driver.resources]]
id = "one"
scopes = ["edit", "view"]
policies = [{ scopes = ["view"] }]
"""


class Reference(Protocol):
    def target_file(self, driver: str, more: str = "") -> Path: ...
    def pages(self) -> str: ...
    def set_up(self, states: Iterable[State]) -> str: ...


def table(text: str, **environment: str) -> TableDriver:
    return TableDriver.from_target(parse_target(_HEAD + text, "mine.toml", Path()), environment)


def get(driver: TableDriver, policy: Policy, *taken: str) -> str:
    return driver.prepared(OWNER, RESOURCE_SERVER, _BOTH, (policy,), frozenset(taken))


def test_rows_end_as_with_the_built_in_driver_or_stay_untested(
    reference: Reference,
    states: tuple[State, ...],
    certified: Callable[[Path], dict[str, str]],
    own_outcomes: dict[str, str],
    has_chromium: bool,  # noqa: FBT001 - a fixture
) -> None:
    pages = reference.pages() if has_chromium else ""
    more = f"{reference.set_up(states)}\n{pages}"
    found = certified(reference.target_file('kind = "table"\nticket_seconds = 8', more))
    others = [row for row, outcome in found.items() if outcome != own_outcomes[row]]
    # What rests on a control that is untested cannot be told.
    assert {found[row] for row in others} <= {"untested", "cant_tell"}
    passed = [row for row, outcome in found.items() if outcome == "passed"]
    assert len(others) < len(passed) / (10 if pages else 4)


def test_resources_take_turns_and_none_is_given_twice_to_one_probe() -> None:
    driver = table(_ONE + _ONE.replace("one", "two"))
    assert [get(driver, Policy(_VIEW)) for _ in range(4)] == ["one", "two", "one", "two"]
    assert get(driver, Policy(_VIEW), "one") == "two"
    with pytest.raises(Unsupported, match=r"driver.resources: there is none left of alice at rs"):
        get(driver, Policy(_VIEW), "one", "two")


def test_a_resource_whose_owner_is_asked_is_given_once() -> None:
    driver = table(_ONE.replace('["view"] }', '["view"], ask = true }'))
    assert get(driver, Policy(_VIEW, ask=True)) == "one"
    with pytest.raises(Unsupported, match="after the owner was asked"):
        get(driver, Policy(_VIEW, ask=True))


@pytest.mark.parametrize(
    "policy",
    [
        Policy(_BOTH),
        Policy(_VIEW, OTHER_PARTY),
        Policy(_VIEW, also={"role": "doctor"}),
        Policy(_VIEW, ask=True),
        Policy(_VIEW, by_visit=True),
    ],
)
def test_a_resource_in_another_state_does_not_do(policy: Policy) -> None:
    with pytest.raises(Unsupported, match="there is none of alice"):
        get(table(_ONE), policy)


def test_policies_stay_as_they_are() -> None:
    driver = table(_ONE)
    driver.set_policy(OWNER, "one", [Policy(_VIEW)])
    driver.set_policy(OWNER, "registered by a probe", [])
    with pytest.raises(Unsupported, match="nobody may do anything"):
        driver.set_policy(OWNER, "one", [])
    with pytest.raises(Unsupported, match="bob may view"):
        driver.set_policy(OWNER, "registered by a probe", [Policy(_VIEW)])


def test_claim_tokens_and_pats_come_from_the_environment() -> None:
    text = """
[driver.clients.app]
client_secret_env = "APP"
[driver.pats.rs.alice]
token_env = "PAT"
[[driver.claim_tokens]]
token_env = "GOOD"
[[driver.claim_tokens]]
token_env = "OLD"
flaw = "expired"
"""
    values = {"APP": "app-secret", "PAT": "a-pat", "GOOD": "good", "OLD": "old"}
    driver = table(text, **values)
    assert driver.pat(OWNER, RESOURCE_SERVER) == "a-pat"
    assert driver.claim_token(PARTY, CLIENT).value == "good"
    assert driver.claim_token(PARTY, CLIENT, flaw=Flaw.EXPIRED).value == "old"
    assert {value for _, value in driver.secrets()} == set(values.values())
    with pytest.raises(Unsupported, match=r"driver\.claim_tokens is of carol for app"):
        driver.claim_token(OTHER_PARTY, CLIENT)
    with pytest.raises(Unsupported, match=r"driver\.pats\.rs\.alice\.plain_token_env"):
        driver.plain_token(OWNER, RESOURCE_SERVER)


def test_a_client_that_the_target_refuses_is_told_from_one_that_is_not_given() -> None:
    driver = table('refused_clients = ["bare-public-app"]\n')
    with pytest.raises(NotRegistrable, match=r"bare-public-app \(driver\.refused_clients\)"):
        driver.redirects(BARE_PUBLIC_CLIENT)
    with pytest.raises(Unsupported, match=r"driver\.clients\.bare-app is not given") as other:
        driver.redirects(BARE_CLIENT)
    assert not isinstance(other.value, NotRegistrable)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("colour = 1\n", "driver.colour"),
        ("resources = 1\n", "driver.resources"),
        ("[[driver.resources]]\nscopes = []\n", "driver.resources[0].id"),
        (
            _ONE.replace("[{ scopes", "[{ colour = 1, scopes"),
            "driver.resources[0].policies[0].colour",
        ),
        (f'{_ONE}owner = "eve"\n', "driver.resources[0].owner"),
        (f'{_ONE}resource_server = "x"\n', "driver.resources[0].resource_server"),
        (f'{_ONE}colour = "red"\n', "driver.resources[0].colour"),
        ("ticket_seconds = 0\n", "driver.ticket_seconds"),
        ("clients = 1\n", "driver.clients: it has to be a table"),
        ("[driver.clients.ap]\n", "driver.clients.ap"),
        ("[driver.clients.app]\n", "driver.clients.app.client_secret_env"),
        ('[driver.clients.app]\nclient_secret_env = "NONE"\n', "NONE is not set"),
        ("[driver.pats.rs.alice]\n", "driver.pats.rs.alice.client_id"),
        ("[driver.pats.rs.eve]\n", "driver.pats.rs.eve"),
        ('refused_clients = ["app"]\n', "driver.refused_clients: 'app' is none of bare-app"),
        (
            'refused_clients = ["bare-app"]\n[driver.clients.bare-app]\npublic = true\n',
            "driver.clients.bare-app is given as well",
        ),
        ("[driver.claims]\n", "driver.claims.key_file"),
        ('[driver.claims]\nkey_file = "none.pem"\n', "driver.claims.key_file"),
        ('[[driver.claim_tokens]]\nflaw = "odd"\n', "driver.claim_tokens[0].flaw"),
        ("[driver.token_parameters]\nx = 1\n", "driver.token_parameters.x"),
    ],
)
def test_a_wrong_key_is_named(text: str, key: str) -> None:
    with pytest.raises(DriverError) as found:
        table(text)
    assert key in str(found.value)


def test_a_key_file_has_to_hold_a_key(tmp_path: Path) -> None:
    (tmp_path / "key.pem").write_text("no key")
    text = f'{_HEAD}[driver.claims]\nkey_file = "key.pem"\nissuer = "https://identity.example"\n'
    with pytest.raises(
        DriverError, match=r"driver\.claims\.key_file: .* no unencrypted private key"
    ):
        TableDriver.from_target(parse_target(text, "mine.toml", tmp_path))
