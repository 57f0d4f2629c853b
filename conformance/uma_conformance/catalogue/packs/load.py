"""Loading packs from their files."""

import functools
import hashlib
import json
from collections.abc import Mapping
from importlib.resources import files

from uma_conformance.catalogue.load import parse_yaml
from uma_conformance.catalogue.model import Severity
from uma_conformance.catalogue.packs import Pack, PackRow, Source
from uma_conformance.jsonvalue import array_of, object_of


def pack_document(name: str) -> Mapping[str, object]:
    """Return the content of a pack's file as it stands."""
    folder = files("uma_conformance.catalogue.packs")
    return parse_yaml(folder.joinpath(f"{name}.yaml").read_text("utf-8"))


@functools.cache
def load_pack(name: str) -> Pack:
    """Return a pack by its name, which is one of `PACKS`."""
    document = pack_document(name)
    sources = {
        key: Source(str(object_of(value)["title"]), str(object_of(value)["link"]))
        for key, value in object_of(document["sources"]).items()
    }
    rows = [_row(object_of(entry), sources) for entry in array_of(document["rows"])]
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"))
    return Pack(
        name=name,
        title=str(document["title"]),
        about=str(document["about"]),
        rows={row.id: row for row in rows},
        digest=f"sha256:{hashlib.sha256(canonical.encode()).hexdigest()}",
    )


def _row(entry: Mapping[str, object], sources: Mapping[str, Source]) -> PackRow:
    return PackRow(
        id=str(entry["id"]),
        severity=Severity(str(entry["severity"])),
        statement=str(entry["statement"]),
        rests_on=tuple(sources[str(key)] for key in array_of(entry["rests_on"])),
        judged_by=str(entry["judged_by"]),
        failing_means=str(entry["failing_means"]),
    )
