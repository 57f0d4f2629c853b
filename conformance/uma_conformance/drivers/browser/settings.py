"""Reading the `[browser]` table of a target file: what parties type and click on which page."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from uma_conformance.drivers.declared.settings import PEOPLE, secret_of
from uma_conformance.drivers.protocol import DriverError, Wish
from uma_conformance.target import Target
from uma_reference.config_reader import ConfigError, Reader

_SECONDS = 20
_PLACE = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Step:
    """What to do on a page that has an element, if one of some wishes is to be fulfilled.

    `when`, `tick`, `click` and the names in `fill` are selectors of Playwright; values in `fill`
    may name data of the party in braces.
    """

    when: str
    wishes: frozenset[Wish]
    fill: Mapping[str, str]
    tick: tuple[str, ...]
    click: str


@dataclass(frozen=True, slots=True)
class BrowserSettings:
    """Which browser, how long a page may take, what parties know, and the steps."""

    steps: tuple[Step, ...]
    parties: Mapping[str, Mapping[str, str]] = field(repr=False)
    secrets: frozenset[str] = field(repr=False)
    executable: str = ""
    arguments: tuple[str, ...] = ()
    headless: bool = True
    seconds: int = _SECONDS

    @classmethod
    def read(
        cls, target: Target, environment: Mapping[str, str] | None = None
    ) -> "BrowserSettings":
        """Read the table; raise `DriverError` for the first key that is wrong or unknown."""
        known = os.environ if environment is None else environment
        root = Reader(dict(target.browser), "browser")
        try:
            found = _read(root, known)
            root.refuse_others()
        except ConfigError as error:
            raise DriverError(str(error).replace("a JSON object", "a table")) from None
        return found


def _read(root: Reader, environment: Mapping[str, str]) -> BrowserSettings:
    parties: dict[str, dict[str, str]] = {}
    secrets: set[str] = set()
    for name in PEOPLE:
        reader = root.child("parties").child(name)
        password = secret_of(reader, "password", environment, needed=False)
        texts = {key: reader.text(key) for key in reader.members if not key.startswith("password")}
        parties[name] = {"party": name, **texts, "password": password}
        secrets |= {password} - {""}
    steps = tuple(_step(item, parties) for item in root.children("steps"))
    if not steps:
        root.fail("steps", "say what is to be done on each page")
    return BrowserSettings(
        steps,
        parties,
        frozenset(secrets),
        root.text("executable", environment.get("UMA2_CHROMIUM", "") or "chromium"),
        tuple(map(str, root.array("arguments"))),
        root.flag("headless", standard=True),
        root.seconds("seconds", _SECONDS),
    )


def _step(reader: Reader, parties: Mapping[str, Mapping[str, str]]) -> Step:
    wishes = reader.texts("wishes")
    for wish in wishes - set(Wish):
        reader.fail("wishes", f"{wish!r} is none of {', '.join(Wish)}")
    fill = {name: reader.child("fill").text(name) for name in reader.child("fill").members}
    known = {key for data in parties.values() for key in data}
    for value in fill.values():
        for name in set(_PLACE.findall(value)) - known:
            reader.fail("fill", f"no party has {{{name}}}; give it in browser.parties")
    return Step(
        reader.text("when"),
        frozenset(map(Wish, wishes)) or frozenset(Wish),
        fill,
        tuple(map(str, reader.array("tick"))),
        reader.text("click"),
    )


def filled(value: str, data: Mapping[str, str]) -> str:
    """Put the data of a party into the places that a value names."""
    return _PLACE.sub(lambda place: data.get(place.group(1), ""), value)
