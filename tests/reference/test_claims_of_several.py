"""Claims of several issuers: what is newer counts, and what is only stated stays apart."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from uma_reference.authorization_server.model import SELF_ASSERTED, Claims

ISSUERS = ("i1", "i2", "i3")
values: st.SearchStrategy[dict[str, object]] = st.dictionaries(
    st.sampled_from(("sub", "role")), st.sampled_from(("x", "y")), min_size=1
)
one = st.builds(Claims, st.sampled_from(ISSUERS), values)


@st.composite
def processes(draw: st.DrawFn) -> Claims:
    """Draw what an authorization process has gathered so far, in some order."""
    found = Claims()
    for said in draw(st.lists(one, max_size=4)):
        found = said.added_to(found)
    return found.with_stated(draw(values | st.just(dict[str, object]()))) if found.values else found


def by_issuer(claims: Claims) -> Mapping[str, Mapping[str, object]]:
    """Return what each issuer says, and see to it that none speaks twice or inside another."""
    said = [item for item in claims.each if item.values]
    assert len({item.issuer for item in said}) == len(said)
    assert not any(item.further for item in claims.further)
    return {item.issuer: item.values for item in said}


@given(one, processes())
def test_what_an_issuer_says_now_replaces_what_it_said(said: Claims, earlier: Claims) -> None:
    assert by_issuer(said.added_to(earlier)) == {**by_issuer(earlier), said.issuer: said.values}


@given(one, processes())
def test_the_newest_issuer_stands_first(said: Claims, earlier: Claims) -> None:
    found = said.added_to(earlier)
    assert found.issuer == said.issuer
    assert found.subject == f"{said.issuer} {said.values.get('sub', '')}"


@given(processes(), processes())
def test_what_was_persisted_gives_way_to_this_process(now: Claims, persisted: Claims) -> None:
    found = now.joined(persisted.vouched)
    assert by_issuer(found) == {**by_issuer(persisted.vouched), **by_issuer(now)}


@given(processes())
def test_nothing_that_was_only_stated_is_vouched_for(claims: Claims) -> None:
    vouched = by_issuer(claims.vouched)
    assert SELF_ASSERTED not in vouched
    assert vouched == {k: v for k, v in by_issuer(claims).items() if k != SELF_ASSERTED}


@given(processes(), values)
def test_statements_add_up_and_identify_nobody(claims: Claims, stated: dict[str, object]) -> None:
    found = claims.with_stated(stated)
    before = claims.stated.values if claims.stated else dict[str, object]()
    assert found.stated is not None
    assert found.stated.values == {**before, **stated}
    assert by_issuer(found.vouched) == by_issuer(claims.vouched)
    assert found.identities == claims.identities
    assert found.subject == claims.subject


@given(processes())
def test_stating_nothing_changes_nothing(claims: Claims) -> None:
    assert claims.with_stated({}) == claims


@given(processes())
def test_identities_are_those_of_issuers(claims: Claims) -> None:
    vouched = by_issuer(claims.vouched)
    expected = {(issuer, said["sub"]) for issuer, said in vouched.items() if "sub" in said}
    assert set(claims.identities) == expected
