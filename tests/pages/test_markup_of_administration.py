"""html-validate finds nothing in the pages of Administration either."""

from app.people.signed_in import Role
from app.webhooks.models import DeliveryState, OffReason
from tests.conftest import NOON
from tests.databases import ON_ONE
from tests.pages import webhooks
from tests.pages.test_markup import found_in, keep

pytestmark = ON_ONE


def test_the_pages_of_administration_are_well_made(make, desk_of, session, tmp_path):
    administrator = make.person(role=Role.ADMINISTRATOR)
    gone = make.person(left_at=NOON)
    unit, other = make.unit(leader=administrator, name="Nord"), make.unit(name="Syd")
    make.handover(unit=unit)
    make.web_session(gone, ended_at=NOON, ended_by="left")
    make.key(administrator)
    hook = webhooks.webhook(session, administrator, unit_id=other.id)
    for state in DeliveryState:
        webhooks.attempt(session, webhooks.delivery(session, hook, state=state))
    off = {"off_at": NOON, "off_reason": OffReason.FAILING, "event_types": ""}
    webhooks.webhook(session, administrator, **off)
    here = "/administration"
    desk = desk_of(administrator)
    for path in (
        here,
        f"{here}/people",
        f"{here}/people/new",
        f"{here}/people/{administrator.id}",
        f"{here}/people/{gone.id}",
        f"{here}/people/{gone.id}/pseudonymisation",
        f"{here}/units",
        f"{here}/units/new",
        f"{here}/units/{unit.id}",
        f"{here}/units/{unit.id}/closing?successor_id=Syd",
        f"{here}/units/{other.id}/merger?unit_ids=Nord",
        f"{here}/keys",
        f"{here}/keys?over=1",
        f"{here}/webhooks",
        f"{here}/webhooks/new",
        f"{here}/webhooks/{hook.id}",
        f"{here}/webhooks/{hook.id}/edit",
        f"{here}/webhooks/{hook.id + 1}",
        f"{here}/settings",
        f"{here}/settings/foresight?pause_days=90&version=1",
        f"{here}/sign-ins",
        f"{here}/log",
    ):
        keep(tmp_path, path, desk.get(path).text)
    for name, page, action in (
        ("person", f"{here}/people/new", f"{here}/people/new"),
        ("key", f"{here}/keys", f"{here}/keys"),
        ("webhook", f"{here}/webhooks/new", f"{here}/webhooks/new"),
        ("roles", f"{here}/people/{administrator.id}", f"{here}/people/{administrator.id}/roles"),
    ):
        keep(tmp_path, f"refused-{name}", desk.press(page, action).text)
    keep(tmp_path, "unknown", desk.get(f"{here}/log?person=Nobody", 422).text)

    assert found_in(tmp_path) == []
