"""Administration: the registers, the keys, the settings and the log, for those who keep them."""

from app.pages.administration.closing import closing
from app.pages.administration.keys import all_keys
from app.pages.administration.leaving import leaving
from app.pages.administration.log import whole_log
from app.pages.administration.overview import overview
from app.pages.administration.people import all_people
from app.pages.administration.person import one_person
from app.pages.administration.settings import all_settings
from app.pages.administration.sign_ins import all_sign_ins
from app.pages.administration.stalled import stalled
from app.pages.administration.unit import one_unit
from app.pages.administration.units import all_units
from app.pages.administration.webhook import one_webhook
from app.pages.administration.webhooks import all_webhooks

ADMINISTRATION = (
    overview,
    all_people,
    one_person,
    leaving,
    all_units,
    one_unit,
    closing,
    all_keys,
    all_webhooks,
    one_webhook,
    all_settings,
    all_sign_ins,
    stalled,
    whole_log,
)
