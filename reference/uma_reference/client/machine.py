"""The state machine: what each stage does with the answer to its step."""

from uma_reference.client.flow import Context, Flow, Move, Stage
from uma_reference.client.messages import HttpAnswer, NoAnswer
from uma_reference.client.requesting import request_token, stop
from uma_reference.client.resource import resource_answered, start
from uma_reference.client.server import (
    claims_found,
    discovered,
    identified,
    refreshed,
    token_answered,
)
from uma_reference.client.steps import Answer, FoundClaims, Identity, NoIdentity, Wait
from uma_reference.client.user import returned

__all__ = ["advance", "returned", "start", "waited"]


def advance(  # noqa: PLR0911 - each stage has its own way on
    flow: Flow, answer: Answer, context: Context
) -> Move:
    """Return the next move of a flow, given the answer to its last step."""
    match flow.stage, answer:
        case Stage.RESOURCE, HttpAnswer() | NoAnswer():
            return resource_answered(flow, answer, context)
        case Stage.DISCOVERY, HttpAnswer() | NoAnswer():
            return discovered(flow, answer, context)
        case Stage.IDENTITY, Identity() | NoIdentity():
            return identified(flow, answer, context)
        case Stage.CLAIMS, FoundClaims():
            return claims_found(flow, answer, context)
        case Stage.TOKEN, HttpAnswer() | NoAnswer():
            return token_answered(flow, answer, context)
        case Stage.REFRESH, HttpAnswer() | NoAnswer():
            return refreshed(flow, answer, context)
        case _:
            return stop(
                flow, "unexpected_answer", f"a flow in stage {flow.stage} has no use for it"
            )


def waited(flow: Flow, context: Context) -> Move:
    """Poll for the resource owner's decision, if it is time for that (Grant 3.3.6)."""
    if flow.stage is not Stage.APPROVAL:
        return stop(flow, "unexpected_poll", "this flow waits for no approval")
    if context.now < flow.not_before:
        return Move(flow, Wait(flow.not_before))
    return request_token(flow, None, context)
