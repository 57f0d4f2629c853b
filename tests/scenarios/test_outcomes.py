"""How the outcomes of parts make that of the whole, and times as people write them."""

import pytest

from uma_scenarios import Outcome, exit_status, overall
from uma_scenarios.durations import in_words, seconds_of
from uma_scenarios.outcome import of_acts

O = Outcome.PARTLY  # noqa: E741 - beside the others
P, F, S, I = Outcome.PASSED, Outcome.FAILED, Outcome.SKIPPED, Outcome.INCOMPLETE  # noqa: E741 - I


@pytest.mark.parametrize(
    ("parts", "whole", "status"),
    [
        ([P, P], P, 0),
        ([P, F, S], F, 1),
        ([P, S], I, 3),
        ([S, S], S, 3),
        ([P, I], I, 3),
        ([S, I], I, 3),
        ([P, O], I, 3),
        ([], S, 3),
    ],
)
def test_a_scenario_passes_only_if_every_step_does(
    parts: list[Outcome], whole: Outcome, status: int
) -> None:
    assert overall(parts) is whole
    assert exit_status(overall(parts)) == status


@pytest.mark.parametrize(
    ("parts", "whole"),
    [([P], P), ([P, O], O), ([O, S], S), ([P, S], S), ([P, I], I), ([P, S, F], F), ([], I)],
)
def test_a_step_is_as_good_as_its_worst_act(parts: list[Outcome], whole: Outcome) -> None:
    assert of_acts(parts) is whole


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1 second", 1), ("15 minutes", 900), ("1 hour", 3600), ("30 days", 2_592_000)],
)
def test_times_are_read_and_written_alike(text: str, seconds: int) -> None:
    assert seconds_of(text) == seconds
    assert in_words(seconds) == text


@pytest.mark.parametrize("text", ["", "0 days", "1 week", "-1 days", "1.5 hours", "5", "5  days"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no duration"):
        seconds_of(text)


def test_odd_times_are_told_in_the_largest_whole_unit() -> None:
    assert (in_words(90), in_words(5400)) == ("90 seconds", "90 minutes")
