"""Every kind of driver at work at the reference, and what each is known to lack."""

import os
from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from uma_conformance.actors.actor import Journal
from uma_conformance.drivers.choice import driver_of
from uma_conformance.drivers.manual import ManualDriver
from uma_conformance.drivers.protocol import Driver, Unsupported
from uma_conformance.opening import OpenTarget, connect, open_target
from uma_conformance.probes.scene import Scene
from uma_conformance.probes.surroundings import Surroundings
from uma_conformance.rehearsal import State
from uma_conformance.target import builtin_target, load_target, trust

if TYPE_CHECKING:
    from tests.conformance.drivers.conftest import Person, Reference, Serving
else:
    Person = Reference = Serving = Any


@dataclass(frozen=True, slots=True)
class Driven:
    """A driver at work: what it drives, and what it is known to lack."""

    kind: str
    ready: OpenTarget
    surroundings: Surroundings
    lacks: frozenset[str] = frozenset()

    @property
    def driver(self) -> Driver:
        """The driver itself."""
        return self.surroundings.driver

    def scene(self, name: str = "contract") -> Scene:
        """Return a scene of its own."""
        return Scene(self.surroundings, Journal(self.surroundings.wire, name))

    @contextmanager
    def able_to(self, what: str) -> Generator[None]:
        """Insist that a block works, or that it is unsupported with a reason, as it is known."""
        if what in self.lacks:
            with pytest.raises(Unsupported) as found:
                yield
            assert str(found.value)
        else:
            yield


class _Screen:
    """A terminal on which a person answers."""

    def __init__(self, person: Person) -> None:
        self._person = person
        self._said: list[str] = []

    def say(self, text: str) -> None:
        self._said.append(text)

    def ask(self, question: str) -> str:
        said = "\n".join(self._said)
        self._said.clear()
        return self._person.answer(said, question)

    ask_secretly = ask


@contextmanager
def _at_work(kind: str, reference: Reference, states: tuple[State, ...]) -> Generator[Driver]:
    with ExitStack() as stack:
        helper = reference.driver()
        stack.callback(helper.close)
        match kind:
            case "builtin":
                driver: Driver = reference.driver()
            case "hook":
                url = stack.enter_context(reference.hook_server())
                more = f'kind = "hook"\nurl = "{url}"\nsecret_env = "UMA2_HOOK_SECRET"'
                driver = driver_of(load_target(reference.target_file(more)))
            case "browser":
                pages = f"{reference.set_up(states)}\n{reference.pages()}"
                more = f'kind = "table"\nticket_seconds = {reference.ticket_seconds}'
                driver = driver_of(load_target(reference.target_file(more, pages)))
            case "table":
                more = f'kind = "table"\nticket_seconds = {reference.ticket_seconds}'
                path = reference.target_file(more, reference.set_up(states))
                driver = driver_of(load_target(path))
            case _:
                target = load_target(reference.target_file('kind = "manual"'))
                driver = ManualDriver.from_target(target, None, _Screen(reference.person(helper)))
        driver.open()
        stack.callback(driver.close)
        yield driver


@pytest.fixture(
    scope="module", params=["builtin", "hook", "table", "browser", "manual", "keycloak"]
)
def driven(
    request: pytest.FixtureRequest,
    states: tuple[State, ...],
    serve_reference: Serving,
    has_chromium: bool,  # noqa: FBT001 - a fixture
    tmp_path_factory: pytest.TempPathFactory,
) -> Generator[Driven]:
    """Yield each driver at work, Keycloak's with the target file of UMA2_KEYCLOAK_TARGET."""
    kind = str(request.param)
    with ExitStack() as stack:
        if kind == "browser" and not has_chromium:
            pytest.skip("no Chromium is installed, and UMA2_CHROMIUM names none")
        if kind == "keycloak":
            named = os.environ.get("UMA2_KEYCLOAK_TARGET")
            if not named:
                pytest.skip("UMA2_KEYCLOAK_TARGET names no target file of one that runs")
            ready = stack.enter_context(open_target(load_target(Path(named))))
        else:
            folder = tmp_path_factory.mktemp(kind)
            reference = stack.enter_context(serve_reference(folder))
            driver = stack.enter_context(_at_work(kind, reference, states))
            ready = OpenTarget(builtin_target(), driver, trust(reference.ca_file))
        surroundings = stack.enter_context(connect(ready))
        yield Driven(kind, ready, surroundings, _LACKS.get(kind, frozenset()))


_LACKS: Mapping[str, frozenset[str]] = {
    "table": frozenset({"withdraw", "visit", "decide"}),
    "browser": frozenset({"withdraw", "decide"}),
    "keycloak": frozenset({"visit", "decide", "send back"}),
}
