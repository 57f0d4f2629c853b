"""The option for packs, and what is said of them at the end of a run."""

from collections.abc import Sequence
from typing import Annotated

import typer

from uma_conformance.catalogue.packs import PACKS
from uma_conformance.cli.exits import fail
from uma_conformance.near import did_you_mean

PackOption = Annotated[
    list[str] | None,
    typer.Option(
        "--pack",
        metavar="NAME",
        help=f"Judge a pack of rows beyond UMA 2.0, too: {' or '.join(PACKS)}. It changes nothing "
        "in the claim. Repeat it for others.",
        show_default=False,
    ),
]


def chosen_packs(names: Sequence[str] | None) -> tuple[str, ...]:
    """Return the packs of the option, each once; end with a usage error for an unknown one."""
    for name in names or ():
        if name not in PACKS:
            known = ", ".join(PACKS)
            fail(f"--pack {name}: there is no such pack, only {known}{did_you_mean(name, PACKS)}")
    return tuple(dict.fromkeys(names or ()))
