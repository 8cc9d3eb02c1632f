"""The words for the roles in a network. Pure."""

from collections.abc import Mapping

from app.errors import Message
from app.networks.models import NetworkRole

ROLES: Mapping[NetworkRole, Message] = {
    NetworkRole.LEADER: Message("Netværksleder"),
    NetworkRole.CO_DRIVER: Message("Co-driver"),
    NetworkRole.REFERENCE_LEADER: Message("Referenceleder"),
    NetworkRole.CONSULTANT: Message("Netværkskonsulent"),
    NetworkRole.PARTICIPANT: Message("Deltager"),
}
