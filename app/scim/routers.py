"""What the organisation's directory may ask, described by the standard and by its own /Schemas."""

from app.scim.api import scim_users
from app.scim.discovery_api import scim
from app.scim.groups_api import scim_groups

SCIM = (scim, scim_users, scim_groups)
