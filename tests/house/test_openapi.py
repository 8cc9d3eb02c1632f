"""The description of the API is complete, and every route but a few asks who is there."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import BaseModel

from app.db import Database
from app.examples import FORMS
from app.health import health
from app.look import look
from app.main import PAGES, ROUTERS, create_app
from app.rest.forms import Form
from app.settings import Settings
from tests.house.operations import OPERATIONS

OPEN_TO_ALL = {"/health/live", "/health/ready"}
ALWAYS = {"400", "401", "403", "422", "503"}
WITHOUT_JSON = {
    "remove_material",
    "read_content",
    "sign_out_everywhere",
    "end_session",
    "read_notification",
    "retry_work",
    "drop_work",
    "delete_webhook",
}


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    app = create_app(Settings(data_dir=tmp_path_factory.mktemp("data"), _env_file=None))
    app.state.places.close()
    app.state.database.close()
    return app.openapi()


def test_the_description_names_every_operation_once(document: dict[str, Any]) -> None:
    described = {(method.upper(), path) for method, path, _ in operations(document)}
    assert described == set(OPERATIONS) | {("GET", path) for path in OPEN_TO_ALL}
    counted = Counter(operation["operationId"] for _, _, operation in operations(document))
    assert counted.most_common(1)[0][1] == 1
    assert [name for name in counted if not re.fullmatch("[a-z]+(_[a-z]+)*", name)] == []


def test_every_operation_says_in_a_sentence_what_it_is_for(document: dict[str, Any]) -> None:
    silent = [
        (method, path)
        for method, path, operation in operations(document)
        if not (operation["summary"].endswith((".", "?")) and operation["tags"])
    ]
    assert silent == []


@pytest.mark.in_process("looks at the routes that the application was made of")
def test_nothing_else_is_open_to_all(app: FastAPI) -> None:
    known = {route.path for router in (*ROUTERS, *PAGES, health, look) for route in router.routes}
    beside = {getattr(route, "path", None) for route in app.routes} - known
    assert beside == {"/api", "/api/v1/openapi.json", "/static"}
    inside = {route.path for router in ROUTERS for route in router.routes}
    assert all(path.startswith("/api/v1/") for path in inside)


def test_every_operation_states_what_it_answers(document: dict[str, Any]) -> None:
    for _, path, operation in operations(document):
        (status,) = [status for status in operation["responses"] if status.startswith("2")]
        content = operation["responses"][status].get("content", {})
        if operation["operationId"] in WITHOUT_JSON:
            assert "application/json" not in content, path
        else:
            assert "$ref" in content["application/json"]["schema"], path


def test_every_operation_states_its_refusals(document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        stated = set(operation["responses"])
        assert expected_refusals(method, path, operation) <= stated, (method, path)
        for status, response in operation["responses"].items():
            if not status.startswith("2"):
                problem = response["content"]["application/problem+json"]["schema"]
                assert problem == {"$ref": "#/components/schemas/Problem"}, (method, path, status)


def test_no_operation_promises_that_busy_changed_nothing_without_the_exception(
    document: dict[str, Any],
) -> None:
    for _, path, operation in operations(document):
        if path not in OPEN_TO_ALL:
            assert "unsettled" in operation["responses"]["503"]["description"], path


def expected_refusals(method: str, path: str, operation: dict[str, Any]) -> set[str]:
    if path in OPEN_TO_ALL:
        return set()
    expected = set(ALWAYS)
    if "{" in path:
        expected.add("404")
    if method != "get":
        expected.add("409")
    if "requestBody" in operation:
        expected |= {"408", "413"}
    for parameter in operation.get("parameters", []):
        if parameter["name"] == "If-Match":
            expected.add("412")
            if operation["operationId"] != "acknowledge":
                expected.add("428")
    return expected


def test_every_change_needs_the_version_that_was_seen(document: dict[str, Any]) -> None:
    """All but the receipt, what is added to a list, and what is the same done twice."""
    free = {
        operation["operationId"]
        for method, _, operation in operations(document)
        if method != "get"
        and operation["responses"].keys() & {"200", "204"}
        and "428" not in operation["responses"]
    }
    assert free == {
        "acknowledge",
        "end_post",
        "end_membership",
        "end_session",
        "mark_seen",
        "remove_material",
        "sign_out_everywhere",
        "read_notification",
        "retry_work",
        "drop_work",
        "send_test",
        "redeliver",
    }


def test_an_answer_with_a_version_leads_on_to_the_changes_that_need_it(
    document: dict[str, Any],
) -> None:
    needing = {
        operation["operationId"]
        for _, _, operation in operations(document)
        for parameter in operation.get("parameters", [])
        if parameter["name"] == "If-Match"
    }
    led_to = set()
    for _, path, operation in operations(document):
        for status, answer in operation["responses"].items():
            led_to |= {link["operationId"] for link in answer.get("links", {}).values()}
            assert ("Location" in answer.get("headers", {})) == (status == "201"), path
    assert led_to == needing


def test_a_parameter_is_left_out_and_never_null(document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        for parameter in operation.get("parameters", []):
            assert "null" not in str(parameter["schema"]), (method, path)
            if parameter["name"] == "If-Match":
                assert parameter["required"] == ("428" in operation["responses"]), path


def test_every_post_takes_an_idempotency_key(document: dict[str, Any]) -> None:
    for method, path, operation in operations(document):
        names = {parameter["name"] for parameter in operation.get("parameters", [])}
        assert ("Idempotency-Key" in names) == (method == "post"), path


def test_every_list_that_may_grow_comes_in_pages(document: dict[str, Any]) -> None:
    short = {
        "list_posts",
        "list_members",
        "list_editions",
        "list_materials",
        "list_owners",
        "list_sessions",
    }
    for operation in OPERATIONS.values():
        if operation.answer is None or "items" not in operation.answer.model_fields:
            continue
        described = document["paths"][operation.path]["get"]
        names = {parameter["name"] for parameter in described["parameters"]}
        assert ({"limit", "cursor"} <= names) == (operation.name not in short), operation.path
        assert ("next" in operation.answer.model_fields) == (operation.name not in short)


def test_nobody_gets_an_answer_without_a_key(document: dict[str, Any], client: TestClient) -> None:
    for operation in OPERATIONS.values():
        described = document["paths"][operation.path][operation.method.lower()]
        response = client.request(
            operation.method,
            re.sub(r"\{\w+\}", "7", operation.path),
            headers={"If-Match": '"1"'},
            params={"filename": "dagsorden.pdf"} if operation.name == "add_file" else {},
            **sent(described),
        )
        assert response.status_code == 401, operation
        assert response.headers["WWW-Authenticate"] == "Bearer"
        assert response.json()["code"] == "not_signed_in"


def test_those_who_watch_over_it_need_no_key(own_database: Database) -> None:
    app = create_app(own_database.info["settings"], database=own_database)
    for path in OPEN_TO_ALL:
        assert TestClient(app).get(path).status_code == 200
    app.state.places.close()


def test_every_form_has_an_example_that_it_takes(document: dict[str, Any]) -> None:
    forms = {form.__name__: form for form in all_forms(Form)}
    asked_for = {form_of(operation) for *_, operation in operations(document) if form_of(operation)}
    assert asked_for == set(FORMS)
    for name, body in FORMS.items():
        forms[name].model_validate(body)
        assert document["components"]["schemas"][name]["examples"] == [body]


def test_every_field_of_an_answer_shows_what_it_holds(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    answers = {name for name in schemas if name not in {form.__name__ for form in all_forms(Form)}}
    unclear = [
        f"{name}.{field}"
        for name in answers
        for field, schema in schemas[name].get("properties", {}).items()
        if "examples" not in schema and "$ref" not in str(schema) and "enum" not in schema
    ]
    assert unclear == []


def test_the_examples_of_an_answer_are_what_it_may_hold(document: dict[str, Any]) -> None:
    for operation in OPERATIONS.values():
        if operation.answer is not None:
            for model in models_in(operation.answer):
                schema = document["components"]["schemas"][model.__name__]
                for field, described in schema["properties"].items():
                    for example in described.get("examples", []):
                        model.__pydantic_validator__.validate_assignment(
                            model.model_construct(), field, example
                        )


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def form_of(operation: dict[str, Any]) -> str | None:
    """The name of the form that the operation takes, if it takes one."""
    content = operation.get("requestBody", {}).get("content", {})
    names = re.findall(r"#/components/schemas/(\w+)", str(content.get("application/json")))
    return names[0] if names else None


def sent(operation: dict[str, Any]) -> dict[str, Any]:
    if form := form_of(operation):
        return {"json": FORMS[form]}
    return {"content": b"%PDF-1.7"} if "requestBody" in operation else {}


def all_forms(form: type[Form]) -> Iterator[type[Form]]:
    for kind in form.__subclasses__():
        yield kind
        yield from all_forms(kind)


def models_in(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    yield model
    for field in model.model_fields.values():
        for part in (field.annotation, *getattr(field.annotation, "__args__", ())):
            if isinstance(part, type) and issubclass(part, BaseModel):
                yield from models_in(part)
