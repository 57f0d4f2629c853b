"""What an act is called in plain words: who does what, with which client, to what."""

from uma_scenarios.durations import in_words
from uma_scenarios.model import Act, Scenario, Verb
from uma_scenarios.verdicts import shown


def deed(scenario: Scenario, act: Act) -> str:  # noqa: C901, PLR0911, PLR0912 - a line for each verb
    """Return a sentence, without its full stop, that tells what an act is."""
    who, client = _who(scenario, act), _client(scenario, act)
    match act.verb:
        case Verb.SET_UP:
            return "each resource server registers its resources; policies are set"
        case Verb.USE:
            verb = "opens" if act.operation == "read" else "changes"
            return (
                f"{who}, with {client}, {verb} {_resource(scenario, act)}{_showing(scenario, act)}"
            )
        case Verb.ASK:
            return f"{client} asks for an RPT for {who}{_bringing(scenario, act)}"
        case Verb.VISIT:
            states = f", and states {', '.join(sorted(act.states))}" if act.states else ""
            return f"{client} sends {who} to the authorization server{states}"
        case Verb.REFRESH:
            return f"{client} refreshes its RPT"
        case Verb.INTROSPECT:
            which = "an older RPT" if act.rpt == "older" else "the RPT"
            server = scenario.servers[scenario.resources[act.resource].server]
            return f"{server.name} looks into {which} of {client}"
        case Verb.REQUEST_TICKET:
            first = scenario.resources[next(iter(act.wants), act.resource)]
            what = shown(act.wants) if act.wants else first.name
            return f"{scenario.servers[first.server].name} asks for a ticket for {what}"
        case Verb.WAIT:
            return f"{in_words(act.seconds)} pass"
        case Verb.APPROVE | Verb.DENY:
            verb = "approves" if act.verb is Verb.APPROVE else "denies"
            return f"{_owner(scenario, act)} {verb} what waits for her, {_resource(scenario, act)}"
        case Verb.SHARE | Verb.WITHDRAW:
            policy = scenario.policies[act.policy]
            verb = "sets" if act.verb is Verb.SHARE else "withdraws"
            return f"{scenario.owners[policy.owner].name} {verb} {policy.id}: {policy.says}"
        case Verb.DEREGISTER:
            return f"{_resource(scenario, act)} is deregistered"
        case Verb.STOP:
            return "the authorization server goes down"
        case Verb.START:
            return "the authorization server comes back"


def _who(scenario: Scenario, act: Act) -> str:
    return scenario.cast[act.who].name if act.who else ""


def _client(scenario: Scenario, act: Act) -> str:
    return scenario.clients[act.client].name if act.client else ""


def _resource(scenario: Scenario, act: Act) -> str:
    resource = scenario.resources[act.resource]
    return f"{resource.name} ({resource.id}) at {scenario.servers[resource.server].name}"


def _owner(scenario: Scenario, act: Act) -> str:
    return scenario.owners[scenario.resources[act.resource].owner].name


def _showing(scenario: Scenario, act: Act) -> str:
    if act.rpt == "none":
        return ", without a token"
    if act.rpt_of:
        return f", with the RPT for {scenario.servers[act.rpt_of].name}"
    return ", with the older RPT" if act.rpt == "older" else ""


def _bringing(scenario: Scenario, act: Act) -> str:
    issuers = [scenario.providers[name].issuer.partition("://")[2] for name in act.claims]
    things = [f"claims of {issuer}" for issuer in issuers]
    if act.pct:
        whose = "its" if act.pct == "own" else f"{scenario.clients[act.pct].name}'s"
        things.append(f"{whose} PCT")
    if act.upgrade:
        things.append("its RPT to be upgraded")
    if act.scopes:
        things.append(f"the wish for {', '.join(act.scopes)}")
    ticket = "a ticket that was used" if act.ticket == "used" else "the ticket"
    return f", with {', '.join([ticket, *things])}"
