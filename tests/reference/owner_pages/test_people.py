"""Who has access to what, person by person."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest

if TYPE_CHECKING:
    from tests.reference.conftest import Browser
else:
    Browser = Any

ISSUER = "https://as.example"
PROVIDER = "https://identity.example"
ALICE = ("alice", "alice-password")
Policies = Callable[[str], list[dict[str, Any]]]
Allow = Callable[..., None]


@pytest.fixture
def allow(server: httpx.Client) -> Allow:
    """Return what sets a policy for people by one claim, or for anyone."""

    def put(resource: str, *values: str, claim: str = "sub", issuer: str = PROVIDER) -> None:
        condition = {"claim": claim, "values": values, "issuer": issuer}
        policy = {"scopes": ["view"], "conditions": [condition] if values else []}
        answer = server.post(
            f"/owner/resources/{resource}/policies",
            json={**policy, "anyone": not values},
            auth=ALICE,
        )
        assert answer.status_code == 201

    return put


@pytest.fixture
def photo(describe: Callable[..., str]) -> str:
    return describe("Photo")


def cards(page: httpx.Response) -> dict[str, str]:
    """Return the text of each section by its heading."""
    found: dict[str, str] = {}
    for part in page.text.split("<section")[1:]:
        head, _, rest = part.partition("</h2>")
        title = re.sub(r"<[^>]+>", "", head.partition("<h2")[2].partition(">")[2])
        found[title] = " ".join(re.sub(r"<[^>]+>", "", rest).split())
    return found


def test_without_sharing_there_is_nobody(alice: Browser, letter: str) -> None:
    assert letter
    assert "You share nothing with anybody" in alice.get("/my/people").text


def test_each_person_is_shown_with_all_that_she_may_do(
    alice: Browser, letter: str, photo: str, allow: Allow
) -> None:
    allow(letter, "ann")
    allow(photo, "ann", "ben")
    allow(photo, "party", issuer=ISSUER)
    allow(photo, "ann", claim="email", issuer="")
    allow(letter, "doctor", claim="role")
    allow(letter)
    allow(letter, "ann", issuer="self")
    found = cards(alice.get("/my/people"))
    ann = found["ann (as identity.example says)"]
    assert "Letter: may view Withdraw" in ann
    assert "Photo: may view (you allowed it to 1 other at once) Withdraw" in ann
    assert "Letter" not in found["ben (as identity.example says)"]
    assert "Photo: may view" in found["Pat Party (party)"]
    assert "Photo: may view" in found["ann (as any trusted issuer says)"]
    others = found["Anyone, and groups"]
    assert "Letter: Anyone may view if role is doctor (as identity.example says)" in others
    assert "Letter: Anyone may view Withdraw" in others
    assert "Letter: Anyone may view if they answer “sub” with “ann”" in others
    assert len(found) == 5


def test_everything_is_withdrawn_from_one_person_alone(
    server: httpx.Client,
    alice: Browser,
    letter: str,
    photo: str,
    allow: Allow,
    policies: Policies,
    pat: dict[str, str],
    ticket: Callable[..., str],
    redeem: Callable[..., httpx.Response],
    id_token: Callable[..., dict[str, str]],
) -> None:
    allow(letter, "ann")
    allow(photo, "ann", "ben")
    allow(photo, "ben")
    allow(letter)
    before = policies(letter)

    def gets(who: str, scope: str = "view") -> httpx.Response:
        return redeem(ticket({photo: [scope]}), **id_token(sub=who))

    rpts = {who: gets(who).json()["access_token"] for who in ("ann", "ben")}
    overview = alice.get("/my/people")
    (place,) = re.findall(
        r'href="([^"]+/withdraw)">Withdraw everything<span class="unseen"> from ann', overview.text
    )
    assert "ann" not in place
    asked = alice.get(place)
    assert "<bdi>Letter</bdi>: may <bdi>view</bdi>" in asked.text
    sent = alice.send(asked, place)
    assert sent.headers["location"] == "/my/people?done=withdrawn"
    assert policies(letter) == [before[1]]
    left = [item["conditions"][0]["values"] for item in policies(photo)]
    assert left == [["ben"], ["ben"]]
    assert (gets("ann").status_code, gets("ben").status_code) == (403, 200)

    def active(who: str) -> bool:
        answer = server.post("/introspect", data={"token": rpts[who]}, headers=pat)
        return bool(answer.json()["active"])

    # What Ben got rested on his own policy too.
    assert (active("ann"), active("ben")) == (False, True)
    assert alice.get(place).status_code == 404
    assert "from ann" not in alice.get("/my/people").text


def test_many_people_come_in_pages_and_can_be_found(
    alice: Browser, letter: str, allow: Allow
) -> None:
    allow(letter, *(f"person{number:02}" for number in range(45)))
    assert "Page 1 of 3" in alice.get("/my/people").text
    found = alice.get("/my/people", find="PERSON4")
    assert "5 people with “<bdi>PERSON4</bdi>”" in found.text
    assert len(cards(found)) == 5
    assert "0 people" in alice.get("/my/people", find="zoe").text
