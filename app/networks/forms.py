"""What a client may send about networks."""

from pydantic import Field

from app.networks.models import NetworkKind, NetworkRole
from app.rest.forms import Form, left_out
from app.text import Day, Id, Line, OptionalProse, Prose


class NewNetwork(Form):
    name: Line = Field(examples=["Fra ung til voksen"])
    kind: NetworkKind
    question: Prose = Field(
        description="The welfare problem, as a question.",
        examples=["Hvordan undgår vi, at unge falder mellem to stole, når de fylder 18?"],
    )
    springboard: OptionalProse = Field(
        "", description="What set the network going. Never a citizen's case file."
    )
    starts_on: Day
    ends_on: Day | None = None


class NewNetworkAndLeader(NewNetwork):
    """On a page: with the one who leads it from its first day, where that is known."""

    leader_id: Id | None = None


class NetworkChange(Form):
    name: Line = left_out()
    kind: NetworkKind = left_out()
    question: Prose = left_out()
    springboard: OptionalProse = left_out()
    starts_on: Day = left_out()
    ends_on: Day | None = None


class NewMember(Form):
    person_id: Id
    role: NetworkRole
    from_on: Day | None = Field(None, description="First day; today when left out.")
    to_on: Day | None = Field(None, description="Last day; open when left out.")


class MemberEnding(Form):
    to_on: Day | None = Field(None, description="Last day; today when left out.")
