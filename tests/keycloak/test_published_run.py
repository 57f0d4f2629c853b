"""A live run on Keycloak against the one that is published; `tox -e keycloak` makes it."""

import os
from pathlib import Path

import pytest

from uma_reports import RunRecord, read_run
from uma_reports.exploration import Exploration

_PUBLISHED = Path(__file__).parents[2] / "reports" / "published"


@pytest.fixture(scope="module")
def live() -> RunRecord:
    path = os.environ.get("UMA2_KEYCLOAK_RUN")
    if path is None:
        pytest.skip("UMA2_KEYCLOAK_RUN names no run; `tox -e keycloak` makes one")
    return read_run(Path(path))


@pytest.fixture(scope="module")
def published(live: RunRecord) -> RunRecord:
    version = live.target.name.rpartition(" ")[2]
    path = _PUBLISHED / f"keycloak-{version}" / "run.json"
    if not path.is_file():
        pytest.skip(f"there is no published run of {live.target.name}")
    return read_run(path)


def outcomes(record: RunRecord) -> dict[str, str]:
    return {row.id: str(row.outcome) for row in record.rows}


def pack_outcomes(record: RunRecord) -> dict[str, str]:
    return {row.id: str(row.outcome) for pack in record.packs for row in pack.rows}


def test_the_run_judged_something_and_nothing_of_the_suite_broke(live: RunRecord) -> None:
    assert live.claim.conformant is False
    assert live.summary.judged > 100
    assert not any(" broke: " in row.message for row in live.rows)


# What this Keycloak is known for, each with the row that has to show it. Another version may have
# mended it, and is not held to that.
@pytest.mark.usefixtures("published")
@pytest.mark.parametrize(
    "row",
    [
        "F-3.2.1-04",  # no Location
        "F-3.2.3-02",  # update answers 204
        "F-4.1-02",  # no single permission object
        "G-5.5-02",  # tickets can be used again
        "G-3.3.6-02",  # 403 invalid_ticket
        "G-3.3.6-35",  # access_denied for denial and submission
        "F-5.1-01",  # introspection refuses the PAT
        "F-5.1.1-03",  # no permissions in introspection
    ],
)
def test_a_known_deviation_is_found_with_its_exchange(live: RunRecord, row: str) -> None:
    found = next(item for item in live.rows if item.id == row)
    assert str(found.outcome) == "failed"
    assert found.exchanges


# Where Keycloak is right, it is not to be accused.
@pytest.mark.parametrize("row", ["F-4.3-04", "F-4.3-05", "F-3.2.1-03", "G-2-05", "G-5.6-01"])
def test_what_is_right_passes(live: RunRecord, row: str) -> None:
    assert outcomes(live)[row] == "passed"


def test_the_outcomes_are_the_published_ones(live: RunRecord, published: RunRecord) -> None:
    assert differences(outcomes(live), outcomes(published)) == {}


def test_the_outcomes_of_packs_are_the_published_ones(
    live: RunRecord, published: RunRecord
) -> None:
    assert {pack.name for pack in live.packs} == {"security", "uma1-residue"}
    assert differences(pack_outcomes(live), pack_outcomes(published)) == {}


# What walks may find at this Keycloak: each was looked at by hand.
_BY_WALKS = {
    *("F-3.2.2-03", "F-3.2.3-02"),  # scopes are read as objects; update answers 204
    "F-3.2.5-01",  # a list ends after a hundred resources
    "G-3.6-02",  # a refreshed RPT is not active for the resource server: it is for no audience
    *("G-5.5-02", "G-5.5-03"),  # tickets can be used again
}


@pytest.fixture(scope="module")
def explored(live: RunRecord) -> Exploration:
    if live.exploration is None:
        pytest.skip("the run did not explore; `tox -e keycloak` has it do so")
    return live.exploration


def test_walks_went_all_the_way(explored: Exploration) -> None:
    assert explored.stopped == ""
    assert explored.walked == explored.walks
    assert (explored.unclear, explored.left_behind) == (0, 0)
    assert {"ask", "redeem", "introspect", "allow"} <= explored.done.keys()
    assert {"visit", "PCT", "revoke"} <= explored.missing.keys()


def test_walks_find_only_what_is_known_and_in_few_steps(explored: Exploration) -> None:
    assert explored.counterexamples
    for item in explored.counterexamples:
        assert item.reproduced
        assert set(item.rows) <= _BY_WALKS
        assert len(item.steps) <= 6


def test_walks_find_what_was_published(explored: Exploration, published: RunRecord) -> None:
    if published.exploration is None:
        pytest.skip("the published run did not explore")
    assert {item.rows for item in explored.counterexamples} == {
        item.rows for item in published.exploration.counterexamples
    }


def differences(now: dict[str, str], then: dict[str, str]) -> dict[str, tuple[str, str]]:
    changed = {row: (then.get(row, "-"), now.get(row, "-")) for row in now | then}
    return {row: both for row, both in changed.items() if both[0] != both[1]}
