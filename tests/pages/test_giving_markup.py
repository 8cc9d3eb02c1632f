"""The pages on networks and gifts are well made too, also when what was sent is refused."""

from datetime import timedelta

from app.clock import local_day
from app.handovers.lifecycle import State
from tests.conftest import NOON
from tests.databases import ON_ONE
from tests.pages.test_markup import found_in, keep

pytestmark = ON_ONE


def test_pages_on_networks_and_gifts_are_well_made(scene, desk_of, tmp_path, make, session):
    desk, network = desk_of(scene.secretary), scene.network.key
    gone = make.member(scene.network, make.person())
    gone.to_on = local_day(NOON) - timedelta(days=1)
    given = make.gift(network=scene.network, contact=scene.giver)
    draft = make.gift(network=scene.network, is_given=False, summary="")
    scene.handover(State.IN_USE, gift=given)
    scene.handover(State.DRAFT, gift=given, unit=make.unit(leader=make.person()))
    units = [scene.unit, make.unit(), make.unit(leader=make.person(), parent_id=scene.area.key)]
    ids = "&".join(f"unit_ids={unit.key}" for unit in units)
    pages = ["/networks", "/networks?q=intet", "/networks/new", f"/networks/{network}"]
    pages += [f"/networks/{network}/edit", f"/networks/{network}/gifts/new"]
    for gift in (given, draft):
        at = f"/gifts/{gift.key}"
        pages += [f"{at}/edit", f"{at}/deliver", f"{at}/deliver?step=check&{ids}"]
        pages += [f"{at}/deliver?q=enhed", f"{at}/deliver/receipt?step=deliver&given=1"]
    for path in pages:
        keep(tmp_path, path, desk.get(path).text)
    edit = f"/gifts/{given.key}/edit"
    refusals = {
        "/networks/new": ("/networks/new", {"leader_id_words": "person"}),
        f"/networks/{network}/edit": (f"/networks/{network}/members", {"from_on": "x"}),
        edit: (f"/gifts/{given.key}/files", {}),
    }
    for page, (action, filled) in refusals.items():
        keep(tmp_path, f"refused{page}", desk.press(page, action, **filled).text)
    keep(tmp_path, "none", desk.get(f"/gifts/{given.key}/deliver?step=check", 422).text)

    assert found_in(tmp_path) == []
