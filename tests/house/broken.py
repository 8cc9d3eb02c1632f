"""What nobody may write, in plain SQL: for every rule a change that breaks it and nothing else."""

from dataclasses import dataclass

from app.handovers.lifecycle import State

SOMEBODY = "(SELECT min(id) FROM person)"
RECEIPT = f"acknowledged_at = delivered_at, acknowledged_by_id = {SOMEBODY}"
LINK = "url = 'https://lindborg.example'"


@dataclass(frozen=True)
class Broken:
    """`change` is written to a row of the rule's table; a handover is in the state."""

    rule: str
    change: str
    state: State | None = None

    @property
    def table(self) -> str:
        return next(name for name in _TABLES if self.rule.startswith(f"ck_{name}_"))

    def __str__(self) -> str:
        return f"{self.rule}-{self.state or ''}"


_TABLES = (
    "answer_link",
    "event_set_aside",
    "import_run",
    "mail_choice",
    "notification",
    "reminder",
    "scim_account",
    "work_item",
    "webhook_delivery",
    "webhook_attempt",
    "webhook",
    "scim_group",
    "web_session",
    "follow_up",
    "handover",
    "material",
    "ownership",
    "network",
    "edition",
    "member",
    "person",
    "unit",
    "gift",
    "post",
    "note",
)


def _handover(rule: str, state: State, change: str) -> Broken:
    return Broken(f"ck_handover_{rule}", change, state)


HANDOVERS = [
    _handover("versions_count_from_one", State.DRAFT, "version = 0"),
    _handover("state_is_known", State.RETURNED, "state = 'forgotten'"),
    _handover("kind_is_known", State.DRAFT, "kind = 'main'"),
    _handover("ripple_is_known", State.DRAFT, "ripple = 'all'"),
    _handover("not_its_own_origin", State.DRAFT, "origin_id = id"),
    _handover("requested_by_somebody", State.DRAFT, "requested_at = created_at, request = 'Ja.'"),
    _handover("requested_by_somebody", State.IN_USE, f"requested_by_id = {SOMEBODY}"),
    _handover("request_is_written", State.DRAFT, "request = 'Til de unge.'"),
    _handover(
        "request_is_written",
        State.DELIVERED,
        f"requested_at = created_at, requested_by_id = {SOMEBODY}",
    ),
    _handover("announced_has_a_date", State.ANNOUNCED, "announced_at = NULL"),
    _handover("announced_has_a_date", State.IN_USE, "announced_at = NULL"),
    _handover("delivered_has_a_date", State.DELIVERED, "delivered_at = NULL"),
    _handover("delivered_has_a_date", State.ANCHORED, "delivered_at = NULL"),
    _handover("unsent_has_no_receipt", State.ANNOUNCED, "delivered_at = created_at"),
    _handover("delivery_voids_the_receipt", State.DELIVERED, RECEIPT),
    _handover("delivery_voids_the_receipt", State.DELIVERED, "accepted_at = delivered_at"),
    _handover(
        "receipt_has_a_date",
        State.ACCEPTED,
        "acknowledged_at = NULL, acknowledged_by_id = NULL",
    ),
    _handover("receipt_has_a_name", State.ACKNOWLEDGED, "acknowledged_by_id = NULL"),
    _handover("accepted_has_date_and_owner", State.ACCEPTED, "accepted_at = NULL"),
    _handover("accepted_has_date_and_owner", State.IN_USE, "owner_id = NULL"),
    _handover("ended_has_a_date", State.WITHDRAWN, "ended_at = NULL"),
    _handover("ended_has_a_date", State.DELIVERED, "ended_at = delivered_at"),
    _handover("ended_has_a_reason", State.DISCONTINUED, "reason = ''"),
    _handover("declined_has_a_reason_kind", State.DECLINED, "reason_kind = NULL"),
    _handover("declined_has_a_reason_kind", State.ACCEPTED, "reason_kind = 'other'"),
    _handover("passed_on_has_a_unit", State.PASSED_ON, "passed_to_unit_id = NULL"),
    _handover("passed_on_elsewhere", State.PASSED_ON, "passed_to_unit_id = unit_id"),
    _handover("returned_has_a_question", State.RETURNED, "question = ''"),
    _handover("read_back_before_use", State.TRIAL, "read_back = ''"),
    _handover("read_back_before_use", State.IN_USE, "first_step = ''"),
    _handover("trial_has_days", State.TRIAL, "trial_to_on = NULL"),
    _handover("trial_ends_after_it_begins", State.TRIAL, "trial_to_on = trial_from_on"),
    _handover("in_use_has_a_day", State.IN_USE, "in_use_since_on = NULL"),
    _handover(
        "anchored_was_proposed",
        State.ANCHORED,
        "anchoring_proposed_at = NULL, anchoring_proposed_by_id = NULL,"
        " anchoring_entered_by_id = NULL",
    ),
    _handover("proposal_has_names", State.ANCHORED, "anchoring_entered_by_id = NULL"),
    _handover("pauses_are_counted", State.DRAFT, "pause_count = -1"),
    _handover("pause_has_a_reason", State.DELIVERED, "paused_until = '2026-05-01'"),
    _handover(
        "pause_only_while_open",
        State.DECLINED,
        "paused_until = '2026-05-01', pause_reason = 'Efter ferien.', pause_count = 1",
    ),
    _handover("life_is_due_while_received", State.DELIVERED, "life_due_on = NULL"),
    _handover("life_is_due_while_received", State.WITHDRAWN, "life_due_on = '2026-05-01'"),
]
OTHERS = [
    Broken("ck_unit_versions_count_from_one", "version = 0"),
    Broken("ck_unit_has_a_name", "name = ''"),
    Broken("ck_unit_external_id_is_written", "external_id = ''"),
    Broken("ck_unit_not_its_own_parent", "parent_id = id"),
    Broken("ck_unit_not_its_own_successor", "successor_id = id, closed_on = '2026-03-01'"),
    Broken("ck_unit_succeeded_once_closed", "successor_id = parent_id"),
    Broken("ck_person_versions_count_from_one", "version = -1"),
    Broken("ck_person_has_a_name", "name = ''"),
    Broken("ck_person_mail_is_written", "mail = ''"),
    Broken("ck_web_session_ended_by_something", "ended_at = created_at"),
    Broken(
        "ck_web_session_ended_without_a_token",
        "ended_at = created_at, ended_by = 'left', id_token = 'a.b.c'",
    ),
    Broken("ck_scim_account_versions_count_from_one", "version = 0"),
    Broken("ck_scim_account_name_has_a_key", "user_name_key = NULL"),
    Broken("ck_scim_account_name_is_written", "user_name = ''"),
    Broken("ck_scim_account_external_id_is_written", "external_id = ''"),
    Broken("ck_scim_account_removals_are_counted", "removals = -1"),
    Broken("ck_scim_group_versions_count_from_one", "version = 0"),
    Broken("ck_scim_group_has_a_name", "name = ''"),
    Broken("ck_scim_group_external_id_is_written", "external_id = ''"),
    Broken("ck_scim_group_known_until_removed", "name_key = NULL"),
    Broken("ck_scim_group_known_until_removed", "removed_at = created_at"),
    Broken(
        "ck_scim_group_removed_without_an_id",
        "removed_at = created_at, name_key = NULL, external_id = 'a'",
    ),
    Broken("ck_person_left_without_roles", "left_at = created_at, roles = 'administrator'"),
    Broken("ck_person_pseudonym_tells_nothing", "pseudonymised_at = created_at"),
    Broken(
        "ck_person_pseudonym_tells_nothing",
        "pseudonymised_at = created_at, left_at = created_at",
    ),
    Broken("ck_network_versions_count_from_one", "version = 0"),
    Broken("ck_network_has_a_name", "name = ''"),
    Broken("ck_network_ends_after_it_starts", "ends_on = '2001-01-01'"),
    Broken("ck_gift_versions_count_from_one", "version = 0"),
    Broken("ck_gift_has_a_title", "title = ''"),
    Broken("ck_gift_editions_count_from_one", "edition = 0"),
    Broken("ck_edition_editions_count_from_one", "number = 0"),
    Broken("ck_edition_has_a_title", "title = ''"),
    Broken("ck_material_has_a_title", "title = ''"),
    Broken("ck_material_a_link_or_a_file", "kind = 'song'"),
    Broken("ck_material_a_link_or_a_file", "size = 0"),
    Broken("ck_material_a_link_or_a_file", "size = -1"),
    Broken("ck_material_a_link_or_a_file", "digest = 'abc'"),
    Broken("ck_material_a_link_or_a_file", "digest = NULL"),
    Broken("ck_material_a_link_or_a_file", LINK),
    Broken("ck_material_a_link_or_a_file", f"{LINK}, kind = 'link'"),
    Broken("ck_member_ends_after_it_begins", "to_on = '2001-01-01'"),
    Broken("ck_post_ends_after_it_begins", "to_on = '2001-01-01'"),
    Broken("ck_post_kind_is_known", "kind = 'boss'"),
    Broken("ck_follow_up_versions_count_from_one", "version = 0"),
    Broken("ck_follow_up_health_is_known", "health = 'fine'"),
    Broken("ck_follow_up_better_is_known", "better = 'perhaps'"),
    Broken("ck_follow_up_note_is_written", "note = ''"),
    Broken("ck_follow_up_seen_by_somebody", "seen_at = done_at"),
    Broken("ck_note_side_is_known", "side = 'middle'"),
    Broken("ck_note_is_written", "text = ''"),
    Broken("ck_import_run_has_a_name", "filename = ''"),
    Broken("ck_import_run_digest_is_whole", "digest = 'abc'"),
    Broken("ck_import_run_state_is_known", "state = 'forgotten'"),
    Broken("ck_import_run_applied_is_finished", "finished_at = uploaded_at"),
    Broken(
        "ck_import_run_applied_is_finished",
        "state = 'applied', started_at = uploaded_at, started_by_id = uploaded_by_id",
    ),
    Broken("ck_import_run_somebody_started_it", "state = 'running'"),
    Broken(
        "ck_import_run_somebody_started_it",
        "state = 'applied', finished_at = uploaded_at, started_at = uploaded_at",
    ),
    Broken("ck_mail_choice_hour_is_on_the_clock", "hour = -1"),
    Broken("ck_mail_choice_hour_is_on_the_clock", "hour = 24"),
    Broken("ck_mail_choice_how_much_is_known", "how_much = 'some'"),
    Broken("ck_mail_choice_first_version_has_no_row", "version = 1"),
    Broken("ck_answer_link_action_is_known", "action = 'accept'"),
    Broken("ck_reminder_kind_is_known", "kind = 'rykker'"),
    Broken("ck_reminder_lifts_have_a_level", "level = 1"),
    Broken("ck_reminder_lifts_have_a_level", "level = -1, kind = 'lift'"),
    Broken("ck_notification_has_a_reason", "reason = ''"),
    Broken("ck_notification_tells_one_thing", "event_id = NULL"),
    Broken("ck_event_set_aside_error_is_short", "error = ''"),
    Broken("ck_event_set_aside_error_is_short", f"error = '{'x' * 501}'"),
    Broken("ck_work_item_kind_is_a_word", "kind = ''"),
    Broken("ck_work_item_kind_is_a_word", f"kind = '{'k' * 65}'"),
    Broken("ck_work_item_key_is_short", "key = ''"),
    Broken("ck_work_item_key_is_short", f"key = '{'k' * 201}'"),
    Broken("ck_work_item_payload_is_small", f"""payload = '"{"x" * 3999}"'"""),
    Broken("ck_work_item_attempts_are_counted", "attempts = -1"),
    Broken("ck_work_item_attempts_are_counted", "attempts = fence + 1"),
    Broken("ck_work_item_is_tried_at_all", "most_attempts = 0"),
    Broken("ck_work_item_nobody_holds_the_dead", "dead_at = due_at, held_by = 'a'"),
    Broken("ck_work_item_last_error_is_short", f"last_error = '{'x' * 501}'"),
    Broken("ck_webhook_versions_count_from_one", "version = 0"),
    Broken("ck_webhook_has_a_name", "name = ''"),
    Broken("ck_webhook_url_is_short", "url = ''"),
    Broken("ck_webhook_url_is_short", f"url = '{'u' * 2001}'"),
    Broken("ck_webhook_format_is_known", "format = 'fax'"),
    Broken("ck_webhook_event_types_are_few", f"event_types = '{'e' * 4001}'"),
    Broken("ck_webhook_is_signed", "secret = 'hemmeligt'"),
    Broken("ck_webhook_former_ends", "former_secret = 'whsec_a'"),
    Broken("ck_webhook_off_for_a_reason", "off_at = created_at"),
    Broken("ck_webhook_reason_known", "off_at = created_at, off_reason = 'bored'"),
    Broken("ck_webhook_delivery_state_is_known", "state = 'lost'"),
    Broken("ck_webhook_delivery_waits_for_its_time", "state = 'waiting'"),
    Broken("ck_webhook_delivery_waits_for_its_time", "due_at = made_at"),
    Broken("ck_webhook_delivery_delivered_some_time", "delivered_at = NULL"),
    Broken("ck_webhook_attempt_trouble_is_known", "trouble = 'weather'"),
    Broken("ck_webhook_attempt_time_passes", "milliseconds = -1"),
    Broken("ck_webhook_attempt_excerpt_is_short", f"excerpt = '{'x' * 501}'"),
]
EVERY = [*HANDOVERS, *OTHERS]
