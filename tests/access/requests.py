"""How each route is asked for, of each object: a request that succeeds for whoever may make it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.examples import FORMS
from tests.access.world import World
from tests.handovers.scene import NO_RIPPLE
from tests.handovers.verbs import VERBS, Verb
from tests.make import FILLED


@dataclass(frozen=True)
class Asked:
    """`ids` fill the path. `has` says of the answer of a list whether the object is in it."""

    ids: Mapping[str, int] = field(default_factory=dict)
    json: object = None
    params: Mapping[str, Any] = field(default_factory=dict)
    content: bytes | None = None
    has: Callable[[Any], bool] | None = None


def asked(world: World, route: str, what: str, asker_id: int) -> Asked:
    """The request for the route, of the object, by the one who asks."""
    method, path = route.split(" ")
    group = path.split("/")[1]
    if path in _BY_VERB.get(method, {}):
        verb = _BY_VERB[method][path]
        handover_id = world.handover(what, verb)
        return Asked(
            {"handover_id": handover_id}, None if method == "DELETE" else _said(world, verb)
        )
    if group in ("me", "people"):
        return _of_person(world, route, what, asker_id)
    return _MAKERS[group](world, route, what)


def _said(world: World, verb: Verb) -> dict[str, Any]:
    return verb.body(world.scene)


def _of_person(world: World, route: str, what: str, asker_id: int) -> Asked:
    if "notification_id" in route:
        return Asked({"notification_id": world.message(what, asker_id)})
    ids = {"person_id": world.people.get(what, asker_id)}
    match route:
        case "DELETE /people/{person_id}/sessions/{session_id}":
            return Asked({**ids, "session_id": world.browser_of(ids["person_id"])})
        case "POST /people":
            return Asked(json={"name": "Ny"})
        case "PATCH /people/{person_id}":
            return Asked(ids, {"title": "Ny"})
        case "PUT /people/{person_id}/roles":
            return Asked(ids, {"roles": ["secretariat"]})
        case "PUT /me/mail":
            return Asked(json=FORMS["MailChoiceForm"])
    return Asked(ids)


def _of_unit(world: World, route: str, what: str) -> Asked:
    unit_id = world.unit(what)
    ids = {"unit_id": unit_id, "post_id": world.posts.get(what, world.unknown)}
    stranger = world.scene.stranger.key
    match route:
        case "POST /units":
            return Asked(json={"name": "Ny"})
        case "PATCH /units/{unit_id}":
            return Asked(ids, {"short_name": "Ny"})
        case "POST /units/{unit_id}/closing":
            return Asked(ids, {"successor_id": world.empty_unit})
        case "POST /units/{unit_id}/merger":
            return Asked(ids, {"unit_ids": [world.empty_unit]})
        case "POST /units/{unit_id}/posts":
            return Asked(ids, {"person_id": stranger, "kind": "substitute"})
        case "POST /units/{unit_id}/posts/{post_id}/ending":
            return Asked(ids, {})
        case "GET /units/{unit_id}/summary" | "GET /units/{unit_id}/requests":
            handover_id = None if what == "unknown" else world.handover(what)
            place = "open" if route.endswith("summary") else "items"
            return Asked(ids, has=lambda answer: handover_id in _ids(answer[place]))
    return Asked(ids)


def _of_network(world: World, route: str, what: str) -> Asked:
    ids = {"network_id": world.network(what), "member_id": world.members.get(what, world.unknown)}
    match route:
        case "POST /networks":
            return Asked(json=FORMS["NewNetwork"])
        case "PATCH /networks/{network_id}":
            return Asked(ids, {"springboard": "Ny"})
        case "POST /networks/{network_id}/members":
            return Asked(ids, {"person_id": world.scene.stranger.key, "role": "participant"})
        case "POST /networks/{network_id}/members/{member_id}/ending":
            return Asked(ids, {})
    return Asked(ids)


def _of_gift(world: World, route: str, what: str) -> Asked:
    gift = world.gifts[what]
    ids = {"gift_id": gift, "person_id": world.scene.stranger.key}
    match route:
        case "GET /gifts":
            network_id = world.network(what)
            return Asked(
                params={"network_id": network_id, "limit": 200},
                has=lambda answer: gift in _ids(answer["items"]),
            )
        case "POST /gifts":
            return Asked(json={**FILLED, "network_id": world.network(what)})
        case "PATCH /gifts/{gift_id}":
            return Asked(ids, {"baseline": "3 af 10", "change": "minor"})
        case "POST /gifts/{gift_id}/requests":
            return Asked(ids, {"unit_id": world.unit(what), "why": "Til de unge."})
        case "POST /gifts/{gift_id}/contacts":
            return Asked(ids, {"person_id": world.scene.colleague.key})
        case "POST /gifts/{gift_id}/links":
            return Asked(ids, {"url": "https://lindborg.example/moedet"})
        case "POST /gifts/{gift_id}/files":
            return Asked(
                ids, params={"filename": "dagsorden.txt"}, content=b"Dagsorden: 1. Velkommen"
            )
    return Asked({**ids, "material_id": world.files[what]})


def _of_handover(world: World, route: str, what: str) -> Asked:
    handover_id = world.handover(what)
    ids = {"handover_id": handover_id}
    match route:
        case "GET /handovers":
            return Asked(
                params={"network_id": world.network(what), "limit": 200},
                has=lambda answer: handover_id in _ids(answer["items"]),
            )
        case "POST /handovers":
            return Asked(json={"gift_id": world.gifts[what], "unit_id": world.empty_unit})
        case "PATCH /handovers/{handover_id}":
            return Asked(ids, {"kind": "co"})
        case "POST /handovers/{handover_id}/notes":
            return Asked(ids, {"text": "Talt sammen."})
        case "PUT /handovers/{handover_id}/ripple":
            return Asked({"handover_id": world.handover(what, _PLAN)}, NO_RIPPLE)
    return Asked(ids)


def _of_follow_up(world: World, route: str, what: str) -> Asked:
    if route == "POST /follow-ups":
        handover_id = world.handover(what, _PLAN)
        body = {"health": "going_well", "note": "Mødet holdes.", "better": "yes"}
        return Asked(json={"handover_id": handover_id, **body})
    ids = {"follow_up_id": world.follow_ups.get(what, world.unknown)}
    return Asked(ids, {"health": "wobbling"} if route.startswith("PATCH") else None)


def _of_import(world: World, route: str, what: str) -> Asked:
    if route == "POST /imports":
        kind = "gifts" if what == "a-list-of-gifts" else "people"
        asked = {"kind": kind, "filename": "liste.csv"}
        return Asked(params=asked, content=b"Navn;Mail\r\n")
    return Asked({"import_id": world.imports.get(what, world.unknown)})


def _of_log(world: World, route: str, what: str) -> Asked:
    handover_id = world.handover(what)
    return Asked(params={"handover_id": handover_id}, has=lambda answer: bool(answer["items"]))


def _of_counts(world: World, route: str, what: str) -> Asked:
    world.handover(what)
    return Asked(
        params={"unit_id": world.unit(what)},
        has=lambda answer: any("draft" in item["states"] for item in answer["items"]),
    )


def _of_settings(world: World, route: str, what: str) -> Asked:
    return Asked(json=FORMS["SettingsChange"] if route.startswith("PATCH") else None)


def _of_stalled(world: World, route: str, what: str) -> Asked:
    return Asked({"work_id": world.unknown if what == "unknown" else world.stalled()})


def _of_webhook(world: World, route: str, what: str) -> Asked:
    ids = world.webhook(what)
    match route:
        case "POST /webhooks":
            return Asked(json=FORMS["NewWebhook"])
        case "PATCH /webhooks/{webhook_id}":
            return Asked(ids, {"name": "Andet"})
    return Asked(ids)


def _plain(world: World, route: str, what: str) -> Asked:
    return Asked()


def _ids(items: list[dict[str, Any]]) -> set[int]:
    return {item["id"] for item in items}


_MAKERS: Mapping[str, Callable[[World, str, str], Asked]] = {
    "units": _of_unit,
    "networks": _of_network,
    "gifts": _of_gift,
    "handovers": _of_handover,
    "follow-ups": _of_follow_up,
    "imports": _of_import,
    "events": _of_log,
    "counts": _of_counts,
    "settings": _of_settings,
    "stalled-work": _of_stalled,
    "webhooks": _of_webhook,
    "shelf": _plain,
    "door": _plain,
    "queue": _plain,
}
_BY_VERB: dict[str, dict[str, Verb]] = {"POST": {}, "PUT": {}, "DELETE": {}}
for _verb in VERBS:
    _method = _verb.method or ("PUT" if _verb.noun in ("owner", "plan") else "POST")
    _BY_VERB[_method][f"/handovers/{{handover_id}}/{_verb.noun}"] = _verb
_PLAN = next(verb for verb in VERBS if verb.noun == "plan")
