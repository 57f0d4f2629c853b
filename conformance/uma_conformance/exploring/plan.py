"""How far to explore: what makes a search the same one again."""

from dataclasses import dataclass

DEFAULT_WALKS = 100
DEFAULT_STEPS = 60
DEFAULT_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Plan:
    """The seed, the number of walks, the most steps of each, and the most seconds of all.

    The last look at everything, with which a walk ends, does not count among its steps.
    """

    seed: int = 0
    walks: int = DEFAULT_WALKS
    steps: int = DEFAULT_STEPS
    seconds: float = DEFAULT_SECONDS

    @property
    def options(self) -> str:
        """The options of the command line that make the same search."""
        return (
            f"--explore-seed {self.seed} --explore-walks {self.walks} "
            f"--explore-steps {self.steps} --explore-seconds {self.seconds:g}"
        )
