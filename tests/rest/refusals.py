"""What a refusal says, read out of its problem document."""

from typing import Any

from app.rest.faults import sentence

_VAGUE = str(sentence("no such kind of fault", {}))


def places(answer: Any) -> set[str]:
    """The pointers and parameters of a refusal; those inside a field count for the field too."""
    is_problem(answer)
    found = set()
    for error in answer.json()["errors"]:
        assert error["detail"], error
        assert error["detail"] != _VAGUE, error
        assert "%(" not in error["detail"], error
        place = error.get("pointer") or error["parameter"]
        steps = place.split("/")
        found |= {"/".join(steps[:length]) for length in range(1, len(steps) + 1)}
    return found


def codes(answer: Any) -> list[dict[str, str]]:
    is_problem(answer)
    return [
        {"code": error["code"], "pointer": error["pointer"]} for error in answer.json()["errors"]
    ]


def is_problem(answer: Any) -> None:
    assert answer.headers["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == answer.status_code
    assert body["type"] == f"urn:gavebord:problem:{body['code']}"
    assert body["title"]
