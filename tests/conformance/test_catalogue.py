"""The catalogue: complete, well-formed, and severities that follow from keywords."""

from collections import Counter
from itertools import pairwise

import pytest

from uma_conformance.catalogue import (
    Keyword,
    Role,
    Selection,
    Severity,
    catalogue_document,
    load_catalogue,
    severity_of,
)
from uma_schemas import violations

# Sections that the published pages give no anchor of their own.
_WITHOUT_ANCHOR = {
    ("grant", "1.1"),
    *(("fedauthz", section) for section in ("1.1", "1.5", "1.5.1", "4.1", "4.2", "4.3")),
}


def test_the_file_is_of_its_schema() -> None:
    assert violations("catalogue", catalogue_document()) == ()


def test_there_are_435_requirements_with_unique_ids() -> None:
    ids = [row.id for row in load_catalogue()]
    assert len(ids) == len(set(ids)) == len(load_catalogue()) == 435


def test_an_id_says_where_its_requirement_stands() -> None:
    letters = {"grant": "G", "fedauthz": "F"}
    for row in load_catalogue():
        assert row.id.startswith(f"{letters[row.spec]}-{row.section}-"), row.id


def test_rows_stand_in_the_order_of_the_texts() -> None:
    for spec in ("grant", "fedauthz"):
        lines = [row.line for row in load_catalogue() if row.spec == spec]
        # Table rows and their text may swap places by a few lines.
        assert all(later > earlier - 120 for earlier, later in pairwise(lines))


def test_every_row_says_how_it_is_judged_or_why_it_cannot_be() -> None:
    for row in load_catalogue():
        assert bool(row.judged_by) is row.observable or row.judged_by, row.id
        assert row.observable or row.not_observable, row.id
        assert row.failing_means.endswith("."), row.id
        assert row.link.startswith("https://docs.kantarainitiative.org/"), row.id


def test_links_lead_to_the_section() -> None:
    rows = load_catalogue()
    assert rows["G-5.5-02"].link.endswith("rec-oauth-uma-grant-2.0.html#ticket-management")
    whole = {(str(row.spec), row.section) for row in rows if "#" not in row.link}
    assert whole == _WITHOUT_ANCHOR


@pytest.mark.parametrize("keyword", Keyword)
def test_severity_follows_from_the_keyword(keyword: Keyword) -> None:
    expected = {
        "SHOULD": Severity.WARNING,
        "SHOULD NOT": Severity.WARNING,
        "RECOMMENDED": Severity.WARNING,
        "NOT RECOMMENDED": Severity.WARNING,
        "MAY": Severity.OBSERVATION,
        "OPTIONAL": Severity.OBSERVATION,
    }
    assert severity_of(keyword) is expected.get(str(keyword), Severity.ERROR)


def test_rulings_only_soften_and_give_their_reason() -> None:
    order = [Severity.ERROR, Severity.WARNING, Severity.OBSERVATION]
    for row in load_catalogue():
        if row.ruling:
            assert order.index(row.ruling.severity) >= order.index(severity_of(row.keyword)), row.id
            assert row.ruling.reason, row.id


def test_the_digest_depends_on_the_content_alone() -> None:
    assert load_catalogue().digest.startswith("sha256:")
    assert len(load_catalogue().digest) == len("sha256:") + 64


def test_all_parties_are_bound_by_something() -> None:
    counted = Counter(row.role for row in load_catalogue())
    assert set(counted) >= {Role.AS, Role.RS, Role.CLIENT}
    assert counted[Role.AS] > 150


def test_a_selection_by_role_takes_rows_that_are_seen_on_its_side() -> None:
    rows = list(load_catalogue().select(Selection(role=Role.AS)))
    assert any(row.role is not Role.AS for row in rows)
    assert all(row.role is Role.AS or row.as_side for row in rows)
