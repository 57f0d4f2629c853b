"""The parser of challenges (Grant 3.2.1, RFC 9110 11.6.1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uma_reference.client.challenge import UmaChallenge, parse_challenges, uma_challenge

EXPECTED = UmaChallenge("https://as.example", "t-1")
NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9-]{0,9}", fullmatch=True)
VALUES = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=30)


@pytest.mark.parametrize(
    "values",
    [
        ['UMA realm="x", as_uri="https://as.example", ticket="t-1"'],
        ['uma AS_URI="https://as.example" , Ticket="t-1"'],
        ['UMA ticket=t-1,as_uri="https://as.example"'],
        ['Basic realm="a, UMA ticket=no", UMA as_uri="https://as.example",ticket="t-1"'],
        ["Negotiate abc==", 'UMA as_uri="https://as.example", ticket="t-1"'],
        ['Negotiate abc==, UMA as_uri="https://as.example", ticket="t-1", Basic realm="z"'],
        ['UMA realm="only"', 'UMA as_uri="https://as.example", ticket="t-1"'],
        [r'UMA realm="say \"UMA\"", as_uri="https://as.example", ticket="t\-1"'],
        ['UMA as_uri = "https://as.example" , ticket = "t-1"'],
    ],
)
def test_a_uma_challenge_is_found_however_it_is_written(values: list[str]) -> None:
    assert uma_challenge(values) == EXPECTED


@pytest.mark.parametrize(
    "values",
    [
        [],
        [""],
        ['Bearer realm="x"'],
        ['UMA realm="x"'],
        ['UMA as_uri="https://as.example"'],
        ['UMA ticket="t-1"'],
        ['UMA as_uri="https://as.example", ticket=""'],
        ['Basic realm="UMA as_uri=https://as.example, ticket=t"'],
        ['as_uri="https://as.example", ticket="t-1"'],
    ],
)
def test_what_is_no_complete_uma_challenge_is_none(values: list[str]) -> None:
    assert uma_challenge(values) is None


@given(st.lists(st.text(), max_size=4))
def test_junk_never_breaks_the_parser(values: list[str]) -> None:
    for item in parse_challenges(values):
        assert item.scheme == item.scheme.lower()


PIECES = ("UMA", "as_uri", "ticket", "x", "=", '"', "\\", ",", " ", "\t", "as_uri=a,", 'ticket="t"')


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_near_junk_gives_what_stands_there_or_nothing(value: str) -> None:
    found = uma_challenge([value])
    if found is not None:
        assert "uma" in value.lower()
        assert found.as_uri
        assert found.ticket
        # Quoting aside, nothing is made up.
        assert found.as_uri in value.replace("\\", "") or "\\" in found.as_uri
        assert found.ticket in value.replace("\\", "") or "\\" in found.ticket


@given(
    st.lists(
        st.tuples(NAMES, st.dictionaries(NAMES.map(str.lower), VALUES, min_size=1, max_size=4)),
        min_size=1,
        max_size=4,
    ),
    st.booleans(),
)
def test_what_is_written_is_read_again(
    challenges: list[tuple[str, dict[str, str]]],
    in_one: bool,  # noqa: FBT001 - drawn
) -> None:
    def quoted(text: str) -> str:
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'

    written = [
        f"{scheme} " + ", ".join(f"{name}={quoted(value)}" for name, value in members.items())
        for scheme, members in challenges
    ]
    found = parse_challenges([", ".join(written)] if in_one else written)
    assert [(item.scheme, dict(item.parameters)) for item in found] == [
        (scheme.lower(), members) for scheme, members in challenges
    ]
