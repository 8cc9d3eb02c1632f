"""What a client asks for in a list, as conditions of the database. What none of them can say, is
refused rather than guessed at."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from scim2_models import InvalidFilterException, ScimFilter
from scim2_models.path import (
    AttributeBinding,
    AttrPath,
    CompareOperator,
    Comparison,
    FilterNode,
    FilterVisitor,
    LogicalExpr,
    LogicalOperator,
    Not,
    Present,
    ValuePath,
    coerce_value,
)
from sqlalchemy import ColumnElement, SQLColumnExpression, and_, case, false, literal, not_, or_
from sqlmodel import col, select

from app.people.models import Person
from app.scim.models import ScimAccount, ScimGroup, ScimMember
from app.scim.queries import is_called, user_name_key
from app.scim.resources import WORK, Group, User
from app.text import folded, unreadable_position

LONGEST = 2000
Condition = ColumnElement[bool]
Column = SQLColumnExpression[Any]
Name = tuple[str, str | None]


@dataclass(frozen=True)
class Attribute:
    """How an attribute is compared: `equals` gives the condition that it is a value, `text` is a
    column that can be searched in, folded, and `sorted_by` one that it can be sorted by."""

    equals: Callable[[Any], Condition]
    is_present: Condition
    text: Column | None = None
    sorted_by: Column | None = None


def _of(column: Column, *, is_folded: bool = False) -> Attribute:
    text = column if is_folded else None
    return Attribute(
        lambda value: column == (folded(value) if is_folded else value),
        column.is_not(None),
        text=text,
        sorted_by=column,
    )


def _work(column: Column) -> Attribute:
    """The type of an address or a number: there is one at most, and it is the one at work."""
    return _of(case((column.is_not(None), literal(WORK))), is_folded=True)


def _is_shown_as(name: Any) -> Condition:
    """By the text that people are searched by, which is their name and their mail: folded."""
    shown = literal(f"{folded(name)} ") + _WRITTEN
    return col(Person.search_text) == shown


def _has_member(wanted_id: Any) -> Condition:
    called = is_called(wanted_id)
    if called is None:
        return false()
    members = (
        select(ScimMember.person_id)
        .join(Person, col(Person.id) == ScimMember.person_id)
        .join(ScimAccount, col(ScimAccount.person_id) == ScimMember.person_id, isouter=True)
        .where(col(ScimMember.group_id) == ScimGroup.id, called)
    )
    return members.exists()


def _is_group(wanted_id: Any) -> Condition:
    is_number = str(wanted_id).isascii() and str(wanted_id).isdecimal() and len(str(wanted_id)) < 16
    return col(ScimGroup.id) == int(wanted_id) if is_number else false()


def _is_person(wanted_id: Any) -> Condition:
    called = is_called(wanted_id)
    return false() if called is None else called


_MAIL, _PHONE = col(Person.mail), col(Person.phone)
_ALWAYS = literal(value=True) == literal(value=True)
_WRITTEN = case((_MAIL.is_not(None), _MAIL), else_="")
USERS: Mapping[Name, Attribute] = {
    ("id", None): Attribute(_is_person, _ALWAYS, sorted_by=col(Person.id)),
    ("user_name", None): _of(user_name_key, is_folded=True),
    ("external_id", None): _of(col(ScimAccount.external_id)),
    ("display_name", None): Attribute(_is_shown_as, _ALWAYS, sorted_by=col(Person.search_text)),
    ("active", None): Attribute(
        lambda value: col(Person.left_at).is_(None) == literal(value), _ALWAYS
    ),
    ("emails", None): _of(_MAIL, is_folded=True),
    ("emails", "value"): _of(_MAIL, is_folded=True),
    ("emails", "type"): _work(_MAIL),
    ("phone_numbers", None): _of(_PHONE),
    ("phone_numbers", "value"): _of(_PHONE),
    ("phone_numbers", "type"): _work(_PHONE),
}
GROUPS: Mapping[Name, Attribute] = {
    ("id", None): Attribute(_is_group, _ALWAYS, sorted_by=col(ScimGroup.id)),
    ("display_name", None): _of(col(ScimGroup.name_key), is_folded=True),
    ("external_id", None): _of(col(ScimGroup.external_id)),
    ("members", "value"): Attribute(_has_member, _ALWAYS),
}
ATTRIBUTES: Mapping[type[User] | type[Group], Mapping[Name, Attribute]] = {
    User: USERS,
    Group: GROUPS,
}


def condition(kind: type[User] | type[Group], wanted: ScimFilter[Any]) -> Condition:
    """InvalidFilterException where it asks for what cannot be told here."""
    return _Conditions(kind, wanted).visit(wanted.ast)


class _Conditions(FilterVisitor[Condition]):
    def __init__(
        self, kind: type[User] | type[Group], wanted: ScimFilter[Any], within: str | None = None
    ) -> None:
        self.kind, self.wanted, self.within = kind, wanted, within

    def visit_comparison(self, node: Comparison) -> Condition:
        attribute, binding = self._attribute(node.attr_path, is_compared=True)
        if node.value is None and node.op in (CompareOperator.eq, CompareOperator.ne):
            is_absent = not_(attribute.is_present)
            return is_absent if node.op == CompareOperator.eq else attribute.is_present
        value = _readable(coerce_value(binding, node.value, node.op))
        match node.op:
            case CompareOperator.eq:
                return and_(attribute.is_present, attribute.equals(value))
            case CompareOperator.ne:
                return not_(and_(attribute.is_present, attribute.equals(value)))
            case CompareOperator.co | CompareOperator.sw | CompareOperator.ew:
                return _found_in(attribute.text, node.op, str(value))
            case _:
                raise InvalidFilterException(detail=f"{node.op} is not supported here")

    def visit_present(self, node: Present) -> Condition:
        return self._attribute(node.attr_path)[0].is_present

    def visit_not(self, node: Not) -> Condition:
        return not_(self.visit(node.expr))

    def visit_logical_expr(self, node: LogicalExpr) -> Condition:
        terms = [self.visit(term) for term in node.terms]
        return and_(*terms) if node.op == LogicalOperator.and_ else or_(*terms)

    def visit_value_path(self, node: ValuePath) -> Condition:
        """There is one value at most: so what is asked of one is asked of the person."""
        name = str(node.attr_path)
        return _Conditions(self.kind, self.wanted, name).visit(node.val_filter)

    def visit(self, node: FilterNode) -> Condition:
        return super().visit(node)

    def _attribute(
        self, path: AttrPath, *, is_compared: bool = False
    ) -> tuple[Attribute, AttributeBinding]:
        asked = path if self.within is None else AttrPath(self.within, path.attr)
        resolve = self.wanted.resolve_comparison if is_compared else self.wanted.resolve
        binding = resolve(asked)
        known = ATTRIBUTES[self.kind]
        attribute = known.get((binding.field_name, binding.sub_field_name)) if binding else None
        if attribute is None or binding is None:
            raise InvalidFilterException(detail=f"Nothing can be found by {asked} here")
        return attribute, binding


def _readable(value: Any) -> Any:
    """What nobody can have written is not asked of the database, which cannot even be told it."""
    if isinstance(value, str) and unreadable_position(value):
        raise InvalidFilterException(detail="A character in the value cannot be read")
    return value


def _found_in(text: Column | None, op: CompareOperator, value: str) -> Condition:
    if text is None:
        raise InvalidFilterException(detail=f"{op} is not supported for this attribute")
    match op:
        case CompareOperator.co:
            return text.contains(folded(value), autoescape=True)
        case CompareOperator.sw:
            return text.startswith(folded(value), autoescape=True)
        case _:
            return text.endswith(folded(value), autoescape=True)
