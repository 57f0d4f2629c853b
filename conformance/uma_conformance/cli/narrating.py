"""Telling a scenario in a terminal: who does what, how it ends, and why it was decided so."""

from collections.abc import Iterable

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from uma_reports.visible import one_line
from uma_scenarios import Outcome, PlayedAct, PlayedStep, Scenario, Step, overall

_STYLES = {
    Outcome.PASSED: "green",
    Outcome.FAILED: "bold red",
    Outcome.PARTLY: "yellow",
    Outcome.SKIPPED: "yellow",
    Outcome.INCOMPLETE: "yellow",
}
_MARKS = {
    Outcome.PASSED: "✓",
    Outcome.FAILED: "✗",
    Outcome.PARTLY: "~",
    Outcome.SKIPPED: "-",
    Outcome.INCOMPLETE: "?",
}
_WIDEST = 110


class Narrator:
    """Prints a scenario as it is played. Nothing that a target said can act on the terminal."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._width = min(console.width, _WIDEST)

    def opens(self, scenario: Scenario, about: str) -> None:
        """Print what the scenario is about, its cast, and the owners' policies."""
        self._console.print(Text(one_line(scenario.title), style="bold"))
        self._say(scenario.summary)
        self._say(f"Played on {about}.", style="dim")
        self._console.print()
        self._listed("Cast", ((item.name, item.about) for item in scenario.cast.values()))
        rules = ((item.id, f"“{item.says}”") for item in scenario.policies.values())
        self._listed("The owners' rules", rules)

    def begins(self, step: Step) -> None:
        """Print what a step is about."""
        heading = Text(f"{one_line(step.id)}  ", style="bold cyan")
        heading.append(one_line(step.title), style="bold")
        self._console.print(heading, soft_wrap=True)
        self._say(step.tells)

    def acted(self, act: PlayedAct) -> None:
        """Print one act and how it ended."""
        line = Text().append(f"{_MARKS[act.outcome]} ", style=_STYLES[act.outcome])
        line.append(one_line(act.told[:1].upper() + act.told[1:]))
        ending = act.ending.replace("_", " ") if act.ending != "done" else ""
        said = " · ".join(one_line(part) for part in (ending, act.said) if part)
        if said:
            line.append(f" → {said}", style="dim")
        self._padded(line, 4)
        if act.problem or act.remark:
            style = _STYLES[act.outcome] if act.problem else "dim"
            self._padded(Text(one_line(act.problem or act.remark), style=style), 6)

    def ends(self, step: PlayedStep) -> None:
        """Print why a step was decided so, and how it ended."""
        if step.outcome is Outcome.PASSED:
            why = Text().append("Why: ", style="bold").append(one_line(step.why), style="italic")
            self._padded(why, 2)
        line = Text().append(str(step.outcome), style=_STYLES[step.outcome])
        acted = {act.problem for act in step.acts}
        if step.message and step.outcome is Outcome.FAILED and step.message not in acted:
            line.append(f": {one_line(step.message)}")
        shows = f"shows {', '.join(step.rows)}" if step.rows else ""
        count = len(step.exchanges)
        exchanges = f"{count} exchange{'' if count == 1 else 's'}"
        line.append(f"  {' · '.join(part for part in (shows, exchanges) if part)}", style="dim")
        self._padded(line, 2)
        self._console.print()

    def closes(self, played: Iterable[PlayedStep], seconds: float) -> None:
        """Print how the whole ended, and each step that did not pass."""
        steps = list(played)
        whole = overall(step.outcome for step in steps)
        counted = ", ".join(
            f"{count} {outcome}"
            for outcome in Outcome
            if (count := sum(step.outcome is outcome for step in steps))
        )
        for step in steps:
            if step.outcome is not Outcome.PASSED:
                line = Text().append(f"{step.id} {step.outcome}: ", style=_STYLES[step.outcome])
                self._console.print(line.append(one_line(step.message)), soft_wrap=True)
        summary = Text(f"The scenario {_VERDICTS[whole]}", style=f"bold {_STYLES[whole]}")
        summary.append(f" ({counted} of {len(steps)} steps, {seconds:.1f} s)", style="not bold")
        self._console.print(summary)

    def _listed(self, title: str, entries: Iterable[tuple[str, str]]) -> None:
        table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
        table.add_column(no_wrap=True)
        table.add_column()
        for name, text in entries:
            table.add_row(Text(one_line(name)), Text(one_line(text), style="dim"))
        self._console.print(Text(title, style="bold"))
        self._padded(table, 2)
        self._console.print()

    def _say(self, text: str, style: str = "") -> None:
        self._padded(Text(one_line(text), style=style), 2)

    def _padded(self, content: Text | Table, left: int) -> None:
        self._console.print(Padding(content, (0, 0, 0, left)), width=self._width)


_VERDICTS = {
    Outcome.PASSED: "passed",
    Outcome.FAILED: "failed",
    Outcome.SKIPPED: "was skipped altogether",
    Outcome.INCOMPLETE: "is incomplete",
}
