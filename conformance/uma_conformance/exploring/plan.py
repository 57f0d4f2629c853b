"""How far to explore: what makes a search the same one again."""

from dataclasses import dataclass

DEFAULT_WALKS = 100
DEFAULT_STEPS = 60
DEFAULT_SECONDS = 120.0
MOST_WALKS = 100_000
MOST_STEPS = 1000
MOST_SECONDS = 86_400.0


@dataclass(frozen=True, slots=True)
class Plan:
    """The seed, the number of walks, the most steps of each, and the most seconds of all.

    The last look at everything, with which a walk ends, does not count among its steps.
    """

    seed: int = 0
    walks: int = DEFAULT_WALKS
    steps: int = DEFAULT_STEPS
    seconds: float = DEFAULT_SECONDS

    @classmethod
    def of(
        cls, seed: int | None, walks: int | None, steps: int | None, seconds: float | None
    ) -> "Plan":
        """Return the plan of options; None stands for those that were not given."""
        default = cls()
        return cls(
            default.seed if seed is None else seed,
            default.walks if walks is None else walks,
            default.steps if steps is None else steps,
            default.seconds if seconds is None else seconds,
        )

    @property
    def options(self) -> str:
        """The options of the command line that make the same search."""
        return (
            f"--explore-seed {self.seed} --explore-walks {self.walks} "
            f"--explore-steps {self.steps} --explore-seconds {self.seconds:g}"
        )
