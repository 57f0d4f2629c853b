"""Packs: files of their form, with rows that are none of UMA's."""

import pytest

from uma_conformance.catalogue import load_catalogue
from uma_conformance.catalogue.packs import PACKS
from uma_conformance.catalogue.packs.load import load_pack, pack_document
from uma_conformance.jsonvalue import object_of
from uma_conformance.suite.collection import checks_for, pack_checks
from uma_conformance.trace import pack_of
from uma_schemas import violations


@pytest.mark.parametrize("pack", PACKS)
def test_the_file_is_of_its_schema(pack: str) -> None:
    assert violations("pack", pack_document(pack)) == ()


@pytest.mark.parametrize("pack", PACKS)
def test_every_source_is_used(pack: str) -> None:
    used = {source for row in load_pack(pack).rows.values() for source in row.rests_on}
    assert len(used) == len(object_of(pack_document(pack)["sources"]))


def test_no_row_is_one_of_uma() -> None:
    catalogue = load_catalogue()
    rows = [row for pack in PACKS for row in load_pack(pack).rows]
    assert len(rows) == len(set(rows))
    assert [row for row in rows if row in catalogue] == []


@pytest.mark.parametrize("pack", PACKS)
def test_checks_of_a_pack_judge_its_rows_alone(pack: str) -> None:
    rows = load_pack(pack).rows
    for check in pack_checks([pack]):
        assert check.pack == pack
        assert set(check.rows) <= set(rows), check.name
        assert (check.function.__doc__ or "").strip().endswith("."), check.name


def test_checks_of_uma_read_no_probe_of_a_pack() -> None:
    for check in checks_for("as"):
        assert check.pack == ""
        assert [probe.name for probe in check.probes if pack_of(probe.name)] == [], check.name
