"""What can be read in an opaque value, and how hard values are to guess."""

import base64
import json
import secrets
from collections.abc import Callable

import jwt
import pytest

from uma_conformance.probes.disclosure import claims_in, members_read, shown
from uma_conformance.probes.guessing import bits

EMAIL = "bob@people.example"


def url_safe(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


DISCLOSING: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "in another case": str.upper,
    "percent-encoded": lambda text: "".join(f"%{ord(char):02x}" for char in text),
    "in hexadecimal digits": lambda text: text.encode().hex(),
    "in base64": lambda text: base64.b64encode(f"{text}?>".encode()).decode(),
    "in base64url without padding": lambda text: url_safe(f"who={text}"),
    "in base64 of base64": lambda text: url_safe(url_safe(text)),
    "in a part": lambda text: f"v1.{url_safe(json.dumps({'e': text}))}.x",
    "in a signed token": lambda text: jwt.encode({"mail": text}, "k" * 32, "HS256"),
}


@pytest.mark.parametrize("name", DISCLOSING)
def test_a_claim_is_found_however_it_is_written(name: str) -> None:
    assert shown(DISCLOSING[name](EMAIL), [EMAIL, "somebody else"]) == 1


@pytest.mark.parametrize(
    "value",
    [
        "",
        "%",
        "a.b.c",
        pytest.param(secrets.token_urlsafe(32), id="token"),
        pytest.param(secrets.token_hex(32), id="hexadecimal"),
        "é" * 20,
        "=" * 50,
    ],
)
def test_an_opaque_value_shows_nothing(value: str) -> None:
    assert shown(value, [EMAIL, "doctor", 7, None, "bob"]) == 0
    assert members_read(value, ["email"]) == ()


@pytest.mark.parametrize("value", ["a." * 300_000, "A" * 900_000, "%41" * 300_000, "[" * 90_000])
def test_a_value_of_any_length_is_looked_into_in_time(value: str) -> None:
    assert shown(value, [EMAIL]) == 0
    assert members_read(value, ["email"]) == ()


def test_short_values_prove_nothing() -> None:
    assert shown("a-bob-cat", ["bob"]) == 0


def test_members_of_a_structure_are_found_by_their_names() -> None:
    token = jwt.encode({"claims": [{"email": "7f3a"}], "sub": "x"}, "k" * 32, "HS256")
    assert members_read(token, ["email", "role", "sub"]) == ("email",)
    reference = jwt.encode({"iss": "https://as.example", "jti": "7f3a"}, "k" * 32, "HS256")
    assert members_read(reference, ["email", "sub"]) == ()


def test_claims_of_a_claim_token_are_those_about_a_person() -> None:
    token = jwt.encode({"iss": "i", "aud": "a", "exp": 1, "email": EMAIL}, "k" * 32, "HS256")
    assert claims_in(token) == {"email": EMAIL}
    assert claims_in("no token") == claims_in("a.b.c") == claims_in("") == {}


@pytest.mark.parametrize(
    "make",
    [
        lambda: secrets.token_urlsafe(32),
        lambda: secrets.token_hex(16),
        lambda: f"x{secrets.token_hex(20)}",
    ],
)
@pytest.mark.parametrize("count", [1, 4, 8, 40])
def test_random_values_leave_room(make: Callable[[], str], count: int) -> None:
    assert bits([make() for _ in range(count)]) >= 100


def test_numbers_and_short_values_leave_none() -> None:
    assert bits([f"persisted-claims-{10**12 + number}" for number in range(20)]) < 20
    assert bits([secrets.token_hex(8) for _ in range(20)]) < 80
    assert bits([secrets.token_hex(4)]) < 80
    assert bits([]) == bits([""]) == 0
