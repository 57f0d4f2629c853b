"""The examples in the folder beside this file, handed to the tests that ask for them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

_FOLDER = Path(__file__).parent / "examples"


def _examples(kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for file in sorted(_FOLDER.glob("*.json")):
        for example in json.loads(file.read_text("utf-8"))[kind]:
            yield file.stem, example


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test once for each example that it asks for.

    `accepted` is a valid example, `valid` one that the schemas accept as they are, `refused` an
    invalid example, and `broken` an invalid one that comes with its path and keyword.
    """
    wanted = metafunc.fixturenames
    if "valid" in wanted or "accepted" in wanted:
        argument = "valid" if "valid" in wanted else "accepted"
        cases: list[Any] = []
        for name, example in _examples("valid"):
            case = f"{name}: {example['title']}"
            cases.append(pytest.param(name, example["instance"], id=case))
        metafunc.parametrize(("name", argument), cases)
    elif "refused" in wanted:
        metafunc.parametrize(
            ("name", "refused"),
            [
                pytest.param(name, example["instance"], id=f"{name}: {example['title']}")
                for name, example in _examples("invalid")
            ],
        )
    elif "broken" in wanted:
        metafunc.parametrize(
            ("name", "broken", "path", "keyword"),
            [
                pytest.param(
                    name,
                    example["instance"],
                    example["path"],
                    example["keyword"],
                    id=f"{name}: {example['title']}",
                )
                for name, example in _examples("invalid")
            ],
        )
