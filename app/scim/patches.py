"""What a patch makes of a person or a group. Its operations are taken in turn, and must not
contradict each other: what one has set, no other changes."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from scim2_models import Context, PatchOp, PatchOperation, Path
from scim2_models.path import CompareOperator, Comparison, FilterNode, LogicalExpr, LogicalOperator

from app.errors import Message
from app.scim.dialects import plain_patch
from app.scim.forms import facts, group_facts, kept_group
from app.scim.groups import MemberChange, Wanted
from app.scim.refusals import Refused
from app.scim.resources import POLICY, Group, User

MOST_OPERATIONS = 1000
_LONGEST_PATH = 1000

Patched = TypeVar("Patched", User, Group)


def patched_user(user: User, sent: Mapping[str, Any]) -> User:
    _apply(user, _operations(User, sent), facts)
    return user


def patched_group(group: Group, sent: Mapping[str, Any]) -> Wanted:
    """The members that it has already are neither read nor needed."""
    operations = _operations(Group, sent)
    members = _Members()
    rest = [operation for operation in operations if not members.takes(operation)]
    _apply(group, rest, group_facts)
    return Wanted(kept_group(group), members.change())


def _operations(kind: type[Patched], sent: Mapping[str, Any]) -> list[PatchOperation[Any]]:
    plain = plain_patch(sent)
    listed = next((value for name, value in plain.items() if name.lower() == "operations"), None)
    if isinstance(listed, list):
        _must_be_bounded(listed)
    patch = PatchOp[kind].model_validate(  # type: ignore[valid-type]
        plain, scim_ctx=Context.RESOURCE_PATCH_REQUEST, scim_policy=POLICY
    )
    return patch.operations or []


def _must_be_bounded(operations: list[Any]) -> None:
    if len(operations) > MOST_OPERATIONS:
        detail = Message("Højst %(limit)s ad gangen.", limit=MOST_OPERATIONS)
        raise Refused(400, "tooMany", detail)
    for operation in operations:
        path = operation.get("path") if isinstance(operation, dict) else None
        if isinstance(path, str) and len(path) > _LONGEST_PATH:
            detail = Message(
                "Teksten er for lang: højst %(max_length)s tegn.", max_length=_LONGEST_PATH
            )
            raise Refused(400, "invalidPath", detail)


def _apply(
    resource: Patched,
    operations: list[PatchOperation[Any]],
    seen: Callable[[Patched], Mapping[str, object]],
) -> None:
    """To take something away and then set it, is to replace it; nothing else is changed twice."""
    kind: Any = PatchOp.__class_getitem__(type(resource))
    touched: set[str] = set()
    for operation in operations:
        before = seen(resource)
        with POLICY:
            kind(operations=[operation]).patch(resource)
        after = seen(resource)
        changed = {name for name in after if after[name] != before[name]}
        if any(name in touched and before[name] not in _NOTHING for name in changed):
            raise _contradiction()
        touched |= changed


_NOTHING = (None, "")


def _contradiction() -> Refused:
    return Refused(400, "invalidValue", Message("To af ændringerne modsiger hinanden."))


class _Members:
    """What the operations of a patch do to the members of a group."""

    def __init__(self) -> None:
        self.added: set[str] = set()
        self.removed: set[str] = set()
        self.is_everyone = False
        self.taken = 0

    def takes(self, operation: PatchOperation[Any]) -> bool:
        """Whether the operation is about members and nothing else; it is noted. Of one without a
        path, the members are taken out."""
        if operation.path is None:
            self._take_out(operation)
            return False
        binding = Path[Group](str(operation.path)).resolve()
        if binding is None or binding.field_name != "members":
            return False
        if binding.sub_field_name is not None:
            raise Refused(400, "mutability", _WHOLE)
        self._note(operation.op, operation.path.value_filter, operation.value)
        return True

    def change(self) -> MemberChange:
        """Refused where somebody both comes and goes, or all are set and then some."""
        if self.added & self.removed or (self.is_everyone and self.taken > 1):
            raise _contradiction()
        return MemberChange(frozenset(self.added), frozenset(self.removed), self.is_everyone)

    def _take_out(self, operation: PatchOperation[Any]) -> None:
        if not isinstance(operation.value, dict):
            return
        for name in [
            name for name in operation.value if name.rpartition(":")[2].lower() == "members"
        ]:
            self._note(operation.op, None, operation.value.pop(name))

    def _note(self, op: str, chosen: FilterNode | None, value: Any) -> None:
        self.taken += 1
        if chosen is not None:
            if op != PatchOperation.Op.remove:
                raise Refused(400, "mutability", _WHOLE)
            self.removed |= _named(chosen)
        elif op == PatchOperation.Op.add:
            self.added |= ids_of(value)
        elif op == PatchOperation.Op.remove and value is not None:
            self.removed |= ids_of(value)
        else:
            self.is_everyone = True
            self.added |= ids_of(value)


def ids_of(value: Any) -> set[str]:
    """The ids in a list of members, or in a single one."""
    found: set[str] = set()
    for member in value if isinstance(value, list) else [] if value is None else [value]:
        said = (
            {name.lower(): part for name, part in member.items()}
            if isinstance(member, dict)
            else {}
        )
        is_person = str(said.get("type") or "User").lower() == "user"
        if not isinstance(said.get("value"), str) or not is_person:
            raise Refused(400, "invalidValue", _NO_MEMBER)
        found.add(said["value"])
    return found


def _named(chosen: FilterNode) -> set[str]:
    """Those whom `value eq "7" or value eq "8"` names."""
    match chosen:
        case Comparison(op=CompareOperator.eq, value=str() as wanted) if _is_value(chosen):
            return {wanted}
        case LogicalExpr(op=LogicalOperator.or_):
            return {name for term in chosen.terms for name in _named(term)}
        case _:
            raise Refused(400, "invalidFilter", Message("Vælg medlemmer med value eq."))


def _is_value(comparison: Comparison) -> bool:
    path = comparison.attr_path
    return path.attr.lower() == "value" and path.sub_attr is None and path.uri is None


_WHOLE = Message("Et medlem kan ikke ændres. Fjern det, og tilføj et andet.")
_NO_MEMBER = Message("Medlemmer er personer, hver med et id i value.")
