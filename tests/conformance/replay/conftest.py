"""A small scenario whose second step is as a test wants it."""

from collections.abc import Callable

import pytest


def _mine(expect: str, more: str = "") -> str:
    return f"""
format: uma2-scenario/1
id: mine
title: Mine
summary: A small one.
owners: [{{id: olga, name: Olga}}]
people: [{{id: pat, name: Pat}}]
clients: [{{id: app, name: the app}}]
servers: [{{id: rs, name: Shelf}}]
resources:
  - {{id: R, server: rs, name: Notes, scopes: [read], read: read, document: {{text: hello}}}}
policies: []
steps:
  - id: S0
    title: Setting up
    present: [olga]
    tells: Notes are registered.
    why: So it begins.
    rows: [F-3.2.1-03]
    acts: [{{do: set-up}}]
  - id: S1
    title: Knocking
    who: pat
    with: app
    tells: Pat knocks.
    why: There is no rule.
    rows: [G-3.2.1-01]
    acts:
      - {{do: use, resource: R, expect: {expect}}}
{more}"""


@pytest.fixture(scope="session")
def mine() -> Callable[..., str]:
    """Return what makes the text of a scenario: what its second step expects, and more acts."""
    return _mine
