"""Every table of the product, for whoever needs them all: migrations and their checks."""

from sqlalchemy import MetaData
from sqlmodel import SQLModel

from app.eventlog import models as eventlog
from app.follow_ups import models as follow_ups
from app.gifts import models as gifts
from app.handovers import models as handovers
from app.importing import models as importing
from app.municipality import models as municipality
from app.networks import models as networks
from app.notifications import answer_links, stop_links
from app.notifications import models as notifications
from app.people import kept_forms
from app.people import models as people
from app.rest import idempotency, throttle
from app.scim import models as scim
from app.signing_in import models as signing_in
from app.units import models as units
from app.webhooks import models as webhooks
from app.work import models as work

MODULES = (
    eventlog,
    follow_ups,
    gifts,
    handovers,
    importing,
    municipality,
    networks,
    notifications,
    answer_links,
    stop_links,
    people,
    kept_forms,
    idempotency,
    throttle,
    scim,
    signing_in,
    units,
    webhooks,
    work,
)


def metadata() -> MetaData:
    return SQLModel.metadata
