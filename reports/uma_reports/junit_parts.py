"""What every test suite of the JUnit XML has: its numbers, the size of its texts, no odd signs."""

import re
import xml.etree.ElementTree as ET
from collections import Counter

from uma_reports.visible import one_line

_LONGEST_NAME = 140
_LONGEST_MESSAGE = 1000
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def finish_suite(
    suites: ET.Element, suite: ET.Element, kinds: Counter[str], started: str, seconds: float = 0.0
) -> None:
    """Write the numbers of a suite, and add them to those of all suites.

    `kinds` counts its cases by what they are for JUnit, those that passed under an empty name.
    """
    numbers = {
        "tests": kinds.total(),
        "failures": kinds["failure"],
        "errors": kinds["error"],
    }
    suite.attrib.update(
        {
            **{name: str(number) for name, number in numbers.items()},
            "time": f"{seconds:.3f}",
            "skipped": str(kinds["skipped"]),
            "timestamp": started[: len("2026-11-23T08:00:00")],
            "hostname": "localhost",
        }
    )
    for name, number in numbers.items():
        suites.set(name, str(int(suites.get(name, "0")) + number))


def add_case(suite: ET.Element, group: str, name: str) -> ET.Element:
    """Add a test case to a suite and return it."""
    return ET.SubElement(
        suite,
        "testcase",
        classname=legal(one_line(group)),
        name=legal(one_line(name, _LONGEST_NAME)),
    )


def short(message: str) -> str:
    """Return a message on one line, as long as an attribute should be."""
    return legal(one_line(message, _LONGEST_MESSAGE))


def legal(text: str) -> str:
    """Return a text without what XML cannot hold."""
    return _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text)
