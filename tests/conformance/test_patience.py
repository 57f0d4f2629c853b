"""An endpoint that hangs costs its own rows; only a silent target ends the run."""

from uma_conformance.patience import Patience
from uma_conformance.trace import Exchange, Failure, FailureKind, Request, Response


def exchange(endpoint: str, *, answered: bool) -> Exchange:
    response = Response(200, ()) if answered else None
    failure = None if answered else Failure(FailureKind.TIMEOUT, "no complete answer")
    request = Request("GET", "https://as.example/", ())
    return Exchange(7, "p", "l", "", "client", "as", endpoint, request, response, failure)


def after(*seen: tuple[str, bool]) -> Patience:
    patience = Patience()
    for endpoint, answered in seen:
        patience.saw(exchange(endpoint, answered=answered))
    return patience


def test_three_silences_at_one_endpoint_leave_the_others_open() -> None:
    patience = after(*[("token", False)] * 3)
    assert patience.exhausted("token") == (
        "the target gave no answer for token 3 times in a row, last in exchange 7: "
        "no complete answer"
    )
    assert patience.exhausted("permission") == ""


def test_an_answer_restores_the_patience() -> None:
    patience = after(*[("token", False)] * 2, ("token", True), *[("token", False)] * 2)
    assert patience.exhausted("token") == ""


def test_answers_elsewhere_do_not_restore_it() -> None:
    patience = after(*[("token", False), ("permission", True)] * 3)
    assert patience.exhausted("token")
    assert patience.exhausted("permission") == ""


def test_a_target_that_is_silent_everywhere_ends_the_run() -> None:
    patience = after(*[(f"endpoint {number % 5}", False) for number in range(9)])
    assert "gave no answer 9 times in a row" in patience.exhausted("one never asked")
