"""Every standing with every step, against the domain's column »who may«, written out here."""

from dataclasses import fields
from itertools import product

import pytest

from app.errors import NotAllowed
from app.handovers import policy
from app.handovers.lifecycle import Step
from app.handovers.policy import Standing, refusal

PARTS = [field.name for field in fields(Standing)]
EVERY_STANDING = [
    Standing(**dict(zip(PARTS, values, strict=True)))
    for values in product([False, True], repeat=len(PARTS))
]
GIVER = {"gives", "is_secretariat"}
LEADER = {"leads"}
RECEIVER = {"leads", "owns"}
MAY = {
    "announce": GIVER,
    "deliver": GIVER,
    "withdraw": {*GIVER, "asks"},
    "reopen": GIVER,
    "acknowledge": RECEIVER,
    "accept": LEADER,
    "return_for_clarification": RECEIVER,
    "decline": LEADER,
    "pass_on": LEADER,
    "reconsider": LEADER,
    "start_trial": RECEIVER,
    "put_in_use": RECEIVER,
    "propose_anchoring": LEADER,
    "anchor": {*GIVER, "leads_above"},
    "discontinue": LEADER,
    "pause": RECEIVER,
    "resume": RECEIVER,
    "name_owner": RECEIVER,
    "plan": RECEIVER,
    "follow_up": RECEIVER,
    "take_edition": RECEIVER,
}


@pytest.mark.parametrize("step", Step)
def test_exactly_those_of_the_domain_may(step: Step):
    for standing in EVERY_STANDING:
        may = any(getattr(standing, part) for part in MAY[step])
        if step is Step.ANCHOR and standing.owns:
            may = False
        assert (refusal(standing, step) is None) is may, standing


@pytest.mark.parametrize("step", Step)
def test_a_stranger_is_told_whose_it_is(step: Step):
    with pytest.raises(NotAllowed) as refused:
        policy.require(Standing(), step)
    assert str(refused.value.detail).startswith(("Det gør", "Det bekræfter"))


@pytest.mark.parametrize("step", [step for step in Step if "leads" in MAY[step]])
def test_the_secretariat_is_told_to_name_on_whose_behalf(step: Step):
    assert "på hvis vegne" in str(refusal(Standing(is_secretariat=True), step))


def test_the_owner_is_told_that_another_must_confirm():
    assert "Tovholderen" in str(refusal(Standing(owns=True, gives=True), Step.ANCHOR))
