"""The words for the posts of a unit. Pure."""

from collections.abc import Mapping

from app.errors import Message
from app.units.models import PostKind

POSTS: Mapping[PostKind, Message] = {
    PostKind.LEADER: Message("Leder"),
    PostKind.SUBSTITUTE: Message("Stedfortræder"),
}
