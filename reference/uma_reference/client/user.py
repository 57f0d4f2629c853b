"""The requesting party comes back from the claims interaction endpoint (Grant 3.3.3, 5.1)."""

from dataclasses import replace
from urllib.parse import parse_qsl

from uma_reference.client.events import event
from uma_reference.client.flow import Context, Flow, Move, Stage
from uma_reference.client.messages import plain
from uma_reference.client.requesting import request_token, stop
from uma_reference.opaque import same

_LONGEST_QUERY = 16_384


def returned(  # noqa: PLR0911 - each thing that can be wrong ends the flow in its words
    flow: Flow, query: str, context: Context
) -> Move:
    """Go on from the query with which the claims redirection URI was called.

    Its `state` has to be there once and be the one that was sent; anything else ends the flow,
    as a forger may be at work. Parameters that are not known are ignored.
    """
    if flow.stage is not Stage.USER or not flow.state:
        return stop(
            flow, "unexpected_return", "this flow waits for no return of a requesting party"
        )
    if len(query) > _LONGEST_QUERY:
        return stop(flow, "invalid_return", "the query of the return is too long")
    pairs = parse_qsl(query.removeprefix("?"), keep_blank_values=True)
    states, tickets, errors, words = (
        [value for key, value in pairs if key == name]
        for name in ("state", "ticket", "error", "error_description")
    )
    if len(states) != 1 or not same(states[0], flow.state):
        why = "state is not the one that was sent: somebody else may have made this request"
        return stop(flow, "state_mismatch", why)
    flow = replace(flow, state="")
    if errors:
        error = plain(errors[0])
        why = f"the authorization server sent the requesting party back with the error {error}"
        return stop(flow, error, f"{why}: {plain(words[0])}" if words else why)
    if len(tickets) != 1 or not tickets[0]:
        return stop(flow, "invalid_return", "the return holds not exactly one ticket")
    if flow.is_spent(tickets[0]):
        return stop(flow, "ticket_reused", "the return holds a ticket that was used already")
    told = event("You are back, with {ticket}.", ticket=tickets[0])
    return request_token(replace(flow, ticket=tickets[0]), None, context).after(told)
