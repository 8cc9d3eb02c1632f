"""The settings over JSON. Those who keep the registers read them; administrators change them."""

from fastapi import Response

from app.municipality import service
from app.municipality.forms import SettingsChange
from app.municipality.schemas import SettingsOut, settings_json
from app.people.call import Call, Changing, Reading, router
from app.rest.bodies import resource
from app.rest.matching import RequiredVersion
from app.rest.problems import problems

municipality = router("/settings", tag="settings")


@municipality.get("", response_model=SettingsOut)
def read_settings(call: Reading) -> Response:
    """What may be changed while the product runs, with what each would be otherwise."""
    return _as_they_are(call)


@municipality.patch("", response_model=SettingsOut, responses=problems(409, 412, 428))
def change_settings(call: Changing, form: SettingsChange, version: RequiredVersion) -> Response:
    """Change the settings that are sent; null is back to the default.

    Another patience moves the due days of open handovers at once, where no date is agreed.
    """
    service.change(call.session, call.person, form.said(), version=version, now=call.now)
    return _as_they_are(call)


def _as_they_are(call: Call) -> Response:
    return resource(settings_json(*service.read(call.session, call.person)))
