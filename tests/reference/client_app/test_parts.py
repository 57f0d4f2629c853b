"""The parts beneath the pages: showing, telling, counting, keeping."""

import asyncio
import json
from threading import Event as Signal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uma_reference.client import Credentials, Event, HeldRpt, HttpAnswer, MemoryWallet, Secret
from uma_reference.client_app.calls import Calls, TooBusy
from uma_reference.client_app.showing import file_name, indented, show
from uma_reference.client_app.story import Story
from uma_reference.client_app.wallets import AppWallet
from uma_reference.throttle import Throttle

ISSUER = "https://as.example"
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=20,
)


@given(values, st.sampled_from([None, 1, 3]), st.booleans())
def test_indenting_changes_nothing_but_spaces(
    value: object,
    indent: int | None,
    plain: bool,  # noqa: FBT001 - a value of Hypothesis
) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=plain)
    assert indented(text) == json.dumps(value, indent=2, ensure_ascii=plain)


def test_numbers_keep_their_digits() -> None:
    assert indented('{"a":1.10,"b":1e400}') == '{\n  "a": 1.10,\n  "b": 1e400\n}'


def test_what_is_nested_deeply_stays_as_it_is() -> None:
    text = "[" * 60 + "1," * 1000 + "1" + "]" * 60
    assert indented(text) == text
    wide = "[" * 29 + "1," * 200_000 + "1" + "]" * 29
    assert indented(wide) == wide


@pytest.mark.parametrize(
    ("body", "kind", "text"),
    [
        (b"plain", "text/plain", "plain"),
        (b"\xe4", "text/plain; charset=ISO-8859-1", "ä"),
        (b"\xef\xbb\xbf{}", "application/json", "{}"),
        (b"\xe4", "text/plain", None),
        (b"a\x00b", "text/plain", None),
        (b"{broken", "application/json", "{broken"),
        (b'{"a":1,"a":2}', "application/json", '{"a":1,"a":2}'),
        (b"", "", ""),
        (b"x", 'text/plain; charset="utf-99"', "x"),
    ],
)
def test_bytes_become_text_where_they_are_some(body: bytes, kind: str, text: str | None) -> None:
    headers = (("Content-Type", kind),) if kind else ()
    assert show(HttpAnswer(200, headers, body)).text == text


@given(st.text(max_size=300))
def test_a_file_name_holds_nothing_special(path: str) -> None:
    name = file_name(f"https://rs.example/{path}")
    assert name
    assert len(name) <= 80
    assert all(letter.isascii() and (letter.isalnum() or letter in "-_.") for letter in name)


def test_a_story_hides_secrets_and_forgets_its_beginning() -> None:
    story = Story()
    for number in range(201):
        story(Event("Step with {ticket}.", (("ticket", Secret("ticket", f"secret-{number}")),)))
    story(Event("  The members:", (("ticket", Secret("ticket", "secret-200")), ("a", "b: c"))))
    assert len(story.steps) == 200
    assert story.left_out == 1
    assert story.steps[0].text == "Step with ticket 2."
    (members,) = story.steps[-1].messages
    assert members.heading == "The members"
    assert members.pairs == (("ticket", "ticket 201"), ("a", "b: c"))


def test_failures_are_counted_from_the_first_one() -> None:
    throttle = Throttle(2, 100)
    throttle.count("bob", 0)
    throttle.count("bob", 90)
    assert throttle.wait("bob", 95) == 5
    assert throttle.wait("carol", 95) == 0
    assert throttle.wait("bob", 100) == 0
    throttle.count("bob", 100)
    throttle.succeeded("bob")
    throttle.count("bob", 101)
    assert throttle.wait("bob", 102) == 0


def test_one_person_cannot_take_all_threads() -> None:
    async def play() -> None:
        calls, go = Calls(4), Signal()
        running = [asyncio.create_task(calls.run("bob", go.wait))]
        await asyncio.sleep(0)
        with pytest.raises(TooBusy):
            await calls.run("bob", go.wait)
        running += [asyncio.create_task(calls.run(name, go.wait)) for name in ("a", "b", "c")]
        await asyncio.sleep(0)
        with pytest.raises(TooBusy):
            await calls.run("d", go.wait)
        go.set()
        assert await asyncio.gather(*running) == [True] * 4
        assert await calls.run("bob", lambda: 7) == 7

    asyncio.run(play())


def test_configured_credentials_are_read_and_not_written() -> None:
    behind = MemoryWallet()
    behind.change(lambda held: held.with_client(Credentials("old", issuer=ISSUER)))
    given_ones = Credentials("configured", issuer=ISSUER)
    wallet = AppWallet(behind, (given_ones,))
    assert wallet.read().clients == (given_ones,)
    rpt = HeldRpt("https://rs.example:443", ISSUER, "bob", "configured", "rpt")
    wallet.change(lambda held: held.with_rpt(rpt))
    assert behind.read().rpts == (rpt,)
    assert behind.read().clients == ()
