"""A run against the built-in reference that only finds out which resources the suite asks for."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from uma_conformance.doctor import examine
from uma_conformance.drivers.builtin import BuiltinDriver, fresh_deployment
from uma_conformance.drivers.protocol import Policy
from uma_conformance.opening import OpenTarget
from uma_conformance.run import Listener, run_against
from uma_conformance.starting_point import quoted
from uma_conformance.suite.collection import checks_for
from uma_conformance.target import builtin_target, trust
from uma_reference.launching import serve


@dataclass(frozen=True, slots=True)
class State:
    """What a resource has to be like: whose, where, and what its policies allow."""

    owner: str
    resource_server: str
    scopes: tuple[str, ...]
    policies: tuple[Policy, ...]


@dataclass(slots=True)
class _Notes:
    """How many resources in a state one probe needs at once; those that wear off are added up."""

    states: dict[str, State] = field(default_factory=dict[str, State])
    most: Counter[str] = field(default_factory=Counter[str])
    now: Counter[str] = field(default_factory=Counter[str])

    def begin(self, _: object) -> None:
        """Begin another probe, which may get the same resources again."""
        lasting = [key for key in self.now if not any(p.ask for p in self.states[key].policies)]
        for key in lasting:
            del self.now[key]

    def note(self, state: State) -> None:
        """Note that a resource was asked for."""
        key = repr(state)
        self.states[key] = state
        self.now[key] += 1
        self.most[key] = max(self.most[key], self.now[key])


def states_wanted() -> tuple[State, ...]:
    """Prove the driver and run all probes; return each state as often as it is needed at once."""
    notes = _Notes()

    class Noting(BuiltinDriver):
        """The built-in driver, which also notes what it is asked for."""

        def prepared(
            self,
            owner: str,
            resource_server: str,
            scopes: frozenset[str],
            policies: tuple[Policy, ...],
            taken: frozenset[str],  # noqa: ARG002 - the protocol
        ) -> str:
            """Note the state and have a resource registered."""
            notes.note(State(owner, resource_server, tuple(sorted(scopes)), policies))
            return ""

    deployment = fresh_deployment()
    with serve(deployment.document("")) as server:
        verify = trust(server.ca_file)
        driver = Noting(server.issuer, deployment, verify=verify)
        target = builtin_target()
        try:
            with run_against(
                OpenTarget(target, driver, verify), Listener(on_probe=notes.begin)
            ) as run:
                for _ in examine(run.recording.surroundings):
                    notes.begin(None)
                run.drive(checks_for(target.role))
        finally:
            driver.close()
    return tuple(state for key, state in notes.states.items() for _ in range(notes.most[key]))


def resources_to_set_up(states: Iterable[State]) -> str:
    """Return the part of a target file that declares a resource in each of these states."""
    lines = [
        "# The resources that the suite asks for, once each. Register them with the PAT of their",
        "# owner, set these policies and no others, and write down the _id that your server gave.",
        "# Leave out what your server has no policies for: its rows stay untested.",
    ]
    for number, state in enumerate(states, 1):
        lines += [
            "",
            "[[driver.resources]]",
            f'id = "resource-{number}"',
            f"owner = {quoted(state.owner)}",
            f"resource_server = {quoted(state.resource_server)}",
            f"scopes = {_array(state.scopes)}",
            f"policies = [{', '.join(map(_policy, state.policies))}]",
        ]
    return "\n".join(lines) + "\n"


def _policy(policy: Policy) -> str:
    members = [f"scopes = {_array(sorted(policy.scopes))}", f"party = {quoted(policy.party)}"]
    if policy.also:
        also = ", ".join(f"{quoted(name)} = {quoted(value)}" for name, value in policy.also.items())
        members.append(f"also = {{ {also} }}")
    members += ["ask = true"] if policy.ask else []
    members += ["by_visit = true"] if policy.by_visit else []
    return f"{{ {', '.join(members)} }}"


def _array(values: Iterable[str]) -> str:
    return f"[{', '.join(map(quoted, values))}]"
