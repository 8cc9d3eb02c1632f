"""The heart: people, units, networks, gifts, handovers, follow-ups, and the log of events."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

big_id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
instant = sa.DateTime(timezone=True)
word = sa.String(32)

FACTS = "id, type, subject_id, handover_id, actor_id, on_behalf_of_id, at, data"
TRIGGERS = {
    "sqlite": [
        f"""CREATE TRIGGER event_is_never_changed BEFORE UPDATE OF {FACTS} ON event
        BEGIN SELECT RAISE(ABORT, 'events are only added'); END""",
        """CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON event
        BEGIN SELECT RAISE(ABORT, 'events are only added'); END""",
        """CREATE TRIGGER event_is_never_replaced BEFORE INSERT ON event
        WHEN NEW.id IS NOT NULL AND EXISTS (SELECT 1 FROM event WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'events are only added'); END""",
    ],
    "postgresql": [
        """CREATE FUNCTION events_are_only_added() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'events are only added'; END $$""",
        f"""CREATE TRIGGER event_is_never_changed BEFORE UPDATE OF {FACTS} ON event
        FOR EACH ROW EXECUTE FUNCTION events_are_only_added()""",
        """CREATE TRIGGER event_is_never_deleted BEFORE DELETE ON event
        FOR EACH ROW EXECUTE FUNCTION events_are_only_added()""",
        """CREATE TRIGGER event_is_never_emptied BEFORE TRUNCATE ON event
        FOR EACH STATEMENT EXECUTE FUNCTION events_are_only_added()""",
    ],
}


def upgrade() -> None:
    op.create_table(
        "event",
        sa.Column("id", big_id, nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("subject_id", big_id, nullable=False),
        sa.Column("handover_id", big_id, nullable=True),
        sa.Column("actor_id", big_id, nullable=True),
        sa.Column("on_behalf_of_id", big_id, nullable=True),
        sa.Column("at", instant, nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("fanned_out_at", instant, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
    )
    op.create_index("ix_event_handover_id_id", "event", ["handover_id", "id"])
    op.create_index("ix_event_type_id", "event", ["type", "id"])
    op.create_index(
        "ix_event_waiting",
        "event",
        ["id"],
        sqlite_where=sa.text("fanned_out_at IS NULL"),
        postgresql_where=sa.text("fanned_out_at IS NULL"),
    )

    op.create_table(
        "network",
        sa.Column("id", big_id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", word, nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("springboard", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on", name="ck_network_ends_after_it_starts"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_network"),
    )
    op.create_table(
        "stored_answer",
        sa.Column("person_id", big_id, nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("request", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "key", name="pk_stored_answer"),
    )
    op.create_index("ix_stored_answer_at", "stored_answer", ["at"])

    op.create_table(
        "unit",
        sa.Column("id", big_id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("short_name", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("parent_id", big_id, nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("successor_id", big_id, nullable=True),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.CheckConstraint("parent_id <> id", name="ck_unit_not_its_own_parent"),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name="fk_unit_parent_id"),
        sa.ForeignKeyConstraint(["successor_id"], ["unit.id"], name="fk_unit_successor_id"),
        sa.PrimaryKeyConstraint("id", name="pk_unit"),
        sa.UniqueConstraint("external_id", name="uq_unit_external_id"),
    )
    op.create_index("ix_unit_parent_id", "unit", ["parent_id"])

    op.create_table(
        "gift",
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("citizen_value", sa.String(), nullable=False),
        sa.Column("ask", sa.String(), nullable=False),
        sa.Column("target_group", sa.String(), nullable=False),
        sa.Column("success_criterion", sa.String(), nullable=False),
        sa.Column("baseline", sa.String(), nullable=False),
        sa.Column("how_to_continue", sa.String(), nullable=False),
        sa.Column("id", big_id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("network_id", big_id, nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("given_at", instant, nullable=True),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["network_id"], ["network.id"], name="fk_gift_network_id"),
        sa.PrimaryKeyConstraint("id", name="pk_gift"),
    )
    op.create_index("ix_gift_network_id", "gift", ["network_id"])

    op.create_table(
        "person",
        sa.Column("id", big_id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("mail", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("unit_id", big_id, nullable=True),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("roles", sa.String(), nullable=False),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.Column("left_at", instant, nullable=True),
        sa.Column("pseudonymised_at", instant, nullable=True),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_person_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sa.UniqueConstraint("mail", name="uq_person_mail"),
    )
    op.create_index("ix_person_unit_id", "person", ["unit_id"])

    op.create_table(
        "api_key",
        sa.Column("id", big_id, nullable=False),
        sa.Column("person_id", big_id, nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("start", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("scopes", sa.String(), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("expires_at", instant, nullable=True),
        sa.Column("revoked_at", instant, nullable=True),
        sa.Column("last_used_at", instant, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_api_key_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_api_key"),
        sa.UniqueConstraint("hash", name="uq_api_key_hash"),
    )
    op.create_index("ix_api_key_person_id", "api_key", ["person_id"])

    op.create_table(
        "contact",
        sa.Column("gift_id", big_id, nullable=False),
        sa.Column("person_id", big_id, nullable=False),
        sa.ForeignKeyConstraint(["gift_id"], ["gift.id"], name="fk_contact_gift_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_contact_person_id"),
        sa.PrimaryKeyConstraint("gift_id", "person_id", name="pk_contact"),
    )
    op.create_index("ix_contact_person_id", "contact", ["person_id"])

    op.create_table(
        "edition",
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("citizen_value", sa.String(), nullable=False),
        sa.Column("ask", sa.String(), nullable=False),
        sa.Column("target_group", sa.String(), nullable=False),
        sa.Column("success_criterion", sa.String(), nullable=False),
        sa.Column("baseline", sa.String(), nullable=False),
        sa.Column("how_to_continue", sa.String(), nullable=False),
        sa.Column("gift_id", big_id, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("changes", sa.String(), nullable=False),
        sa.Column("made_at", instant, nullable=False),
        sa.Column("made_by_id", big_id, nullable=True),
        sa.ForeignKeyConstraint(["gift_id"], ["gift.id"], name="fk_edition_gift_id"),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name="fk_edition_made_by_id"),
        sa.PrimaryKeyConstraint("gift_id", "number", name="pk_edition"),
    )
    op.create_table(
        "handover",
        sa.Column("id", big_id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("gift_id", big_id, nullable=False),
        sa.Column("network_id", big_id, nullable=False),
        sa.Column("unit_id", big_id, nullable=False),
        sa.Column("origin_id", big_id, nullable=True),
        sa.Column("kind", word, nullable=False),
        sa.Column("state", word, nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("is_new_edition", sa.Boolean(), nullable=False),
        sa.Column("needs_unit", sa.Boolean(), nullable=False),
        sa.Column("announced_at", instant, nullable=True),
        sa.Column("delivered_at", instant, nullable=True),
        sa.Column("acknowledged_at", instant, nullable=True),
        sa.Column("acknowledged_by_id", big_id, nullable=True),
        sa.Column("accepted_at", instant, nullable=True),
        sa.Column("ended_at", instant, nullable=True),
        sa.Column("owner_id", big_id, nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("read_back", sa.String(), nullable=False),
        sa.Column("first_step", sa.String(), nullable=False),
        sa.Column("support_until_on", sa.Date(), nullable=True),
        sa.Column("exit_criteria", sa.String(), nullable=False),
        sa.Column("trial_question", sa.String(), nullable=False),
        sa.Column("trial_from_on", sa.Date(), nullable=True),
        sa.Column("trial_to_on", sa.Date(), nullable=True),
        sa.Column("trial_result", sa.String(), nullable=False),
        sa.Column("in_use_since_on", sa.Date(), nullable=True),
        sa.Column("practice", sa.String(), nullable=False),
        sa.Column("anchoring_proposed_by_id", big_id, nullable=True),
        sa.Column("anchoring_entered_by_id", big_id, nullable=True),
        sa.Column("anchoring_proposed_at", instant, nullable=True),
        sa.Column("success", sa.String(), nullable=False),
        sa.Column("citizen_value_now", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("reason_kind", word, nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("counter_proposal", sa.String(), nullable=False),
        sa.Column("learned", sa.String(), nullable=False),
        sa.Column("passed_to_unit_id", big_id, nullable=True),
        sa.Column("ripple", word, nullable=False),
        sa.Column("paused_until", sa.Date(), nullable=True),
        sa.Column("pause_reason", sa.String(), nullable=False),
        sa.Column("pause_count", sa.Integer(), nullable=False),
        sa.Column("last_life_at", instant, nullable=False),
        sa.Column("life_due_on", sa.Date(), nullable=True),
        sa.CheckConstraint("pause_count >= 0", name="ck_handover_pauses_are_counted"),
        sa.ForeignKeyConstraint(
            ["acknowledged_by_id"], ["person.id"], name="fk_handover_acknowledged_by_id"
        ),
        sa.ForeignKeyConstraint(
            ["anchoring_entered_by_id"],
            ["person.id"],
            name="fk_handover_anchoring_entered_by_id",
        ),
        sa.ForeignKeyConstraint(
            ["anchoring_proposed_by_id"], ["person.id"], name="fk_handover_anchoring_proposed_by_id"
        ),
        sa.ForeignKeyConstraint(["gift_id"], ["gift.id"], name="fk_handover_gift_id"),
        sa.ForeignKeyConstraint(["network_id"], ["network.id"], name="fk_handover_network_id"),
        sa.ForeignKeyConstraint(["origin_id"], ["handover.id"], name="fk_handover_origin_id"),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name="fk_handover_owner_id"),
        sa.ForeignKeyConstraint(
            ["passed_to_unit_id"], ["unit.id"], name="fk_handover_passed_to_unit_id"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_handover_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_handover"),
    )
    op.create_index("ix_handover_delivered_at", "handover", ["delivered_at"])
    op.create_index(
        "ix_handover_door",
        "handover",
        ["life_due_on", "id"],
        sqlite_where=sa.text("state = 'delivered'"),
        postgresql_where=sa.text("state = 'delivered'"),
    )
    op.create_index("ix_handover_gift_id_unit_id", "handover", ["gift_id", "unit_id"])
    op.create_index("ix_handover_last_life_at", "handover", ["last_life_at"])
    op.create_index("ix_handover_network_id_id", "handover", ["network_id", "id"])
    op.create_index("ix_handover_owner_id_life_due_on", "handover", ["owner_id", "life_due_on"])
    op.create_index(
        "ix_handover_shelf",
        "handover",
        ["life_due_on", "id"],
        sqlite_where=sa.text("state IN ('acknowledged', 'accepted', 'trial', 'in_use')"),
        postgresql_where=sa.text("state IN ('acknowledged', 'accepted', 'trial', 'in_use')"),
    )
    op.create_index(
        "ix_handover_proposed",
        "handover",
        ["state", "network_id"],
        sqlite_where=sa.text("anchoring_proposed_at IS NOT NULL"),
        postgresql_where=sa.text("anchoring_proposed_at IS NOT NULL"),
    )
    op.create_index("ix_handover_state_id", "handover", ["state", "id"])
    op.create_index("ix_handover_unit_id_id", "handover", ["unit_id", "id"])
    op.create_index(
        "ix_handover_unit_id_life_due_on_id", "handover", ["unit_id", "life_due_on", "id"]
    )

    op.create_table(
        "material",
        sa.Column("id", big_id, nullable=False),
        sa.Column("gift_id", big_id, nullable=False),
        sa.Column("kind", word, nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=True),
        sa.Column("filename", sa.String(), nullable=True),
        sa.Column("media_type", sa.String(), nullable=True),
        sa.Column("size", big_id, nullable=True),
        sa.Column("digest", sa.String(), nullable=True),
        sa.Column("added_at", instant, nullable=False),
        sa.Column("added_by_id", big_id, nullable=True),
        sa.Column("removed_at", instant, nullable=True),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name="fk_material_added_by_id"),
        sa.ForeignKeyConstraint(["gift_id"], ["gift.id"], name="fk_material_gift_id"),
        sa.PrimaryKeyConstraint("id", name="pk_material"),
    )
    op.create_index("ix_material_gift_id", "material", ["gift_id"])

    op.create_table(
        "member",
        sa.Column("id", big_id, nullable=False),
        sa.Column("network_id", big_id, nullable=False),
        sa.Column("person_id", big_id, nullable=False),
        sa.Column("role", word, nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("created_at", instant, nullable=False),
        sa.CheckConstraint(
            "to_on IS NULL OR to_on >= from_on", name="ck_member_ends_after_it_begins"
        ),
        sa.ForeignKeyConstraint(["network_id"], ["network.id"], name="fk_member_network_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_member_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_member"),
    )
    op.create_index("ix_member_network_id_person_id", "member", ["network_id", "person_id"])
    op.create_index("ix_member_person_id_network_id", "member", ["person_id", "network_id"])

    op.create_table(
        "post",
        sa.Column("id", big_id, nullable=False),
        sa.Column("unit_id", big_id, nullable=False),
        sa.Column("person_id", big_id, nullable=False),
        sa.Column("kind", word, nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("created_at", instant, nullable=False),
        sa.CheckConstraint(
            "to_on IS NULL OR to_on >= from_on", name="ck_post_ends_after_it_begins"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_post_person_id"),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_post_unit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_post"),
    )
    op.create_index("ix_post_person_id_from_on", "post", ["person_id", "from_on"])
    op.create_index("ix_post_unit_id_from_on", "post", ["unit_id", "from_on"])

    op.create_table(
        "affected_unit",
        sa.Column("handover_id", big_id, nullable=False),
        sa.Column("unit_id", big_id, nullable=False),
        sa.ForeignKeyConstraint(
            ["handover_id"], ["handover.id"], name="fk_affected_unit_handover_id"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name="fk_affected_unit_unit_id"),
        sa.PrimaryKeyConstraint("handover_id", "unit_id", name="pk_affected_unit"),
    )
    op.create_index("ix_affected_unit_unit_id", "affected_unit", ["unit_id"])

    op.create_table(
        "follow_up",
        sa.Column("id", big_id, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("handover_id", big_id, nullable=False),
        sa.Column("author_id", big_id, nullable=False),
        sa.Column("on_behalf_of_id", big_id, nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_at", instant, nullable=False),
        sa.Column("health", word, nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("better", word, nullable=False),
        sa.Column("better_how", sa.String(), nullable=False),
        sa.Column("measured", sa.Numeric(precision=18, scale=4), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("seen_at", instant, nullable=True),
        sa.Column("seen_by_id", big_id, nullable=True),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name="fk_follow_up_author_id"),
        sa.ForeignKeyConstraint(["handover_id"], ["handover.id"], name="fk_follow_up_handover_id"),
        sa.ForeignKeyConstraint(
            ["on_behalf_of_id"], ["person.id"], name="fk_follow_up_on_behalf_of_id"
        ),
        sa.ForeignKeyConstraint(["seen_by_id"], ["person.id"], name="fk_follow_up_seen_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_follow_up"),
    )
    op.create_index("ix_follow_up_handover_id_id", "follow_up", ["handover_id", "id"])
    op.create_index(
        "ix_follow_up_unseen",
        "follow_up",
        ["id"],
        sqlite_where=sa.text("seen_at IS NULL"),
        postgresql_where=sa.text("seen_at IS NULL"),
    )

    op.create_table(
        "note",
        sa.Column("id", big_id, nullable=False),
        sa.Column("handover_id", big_id, nullable=False),
        sa.Column("author_id", big_id, nullable=False),
        sa.Column("on_behalf_of_id", big_id, nullable=True),
        sa.Column("side", word, nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.ForeignKeyConstraint(["on_behalf_of_id"], ["person.id"], name="fk_note_on_behalf_of_id"),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name="fk_note_author_id"),
        sa.ForeignKeyConstraint(["handover_id"], ["handover.id"], name="fk_note_handover_id"),
        sa.PrimaryKeyConstraint("id", name="pk_note"),
    )
    op.create_index("ix_note_handover_id_id", "note", ["handover_id", "id"])

    op.create_table(
        "ownership",
        sa.Column("id", big_id, nullable=False),
        sa.Column("handover_id", big_id, nullable=False),
        sa.Column("person_id", big_id, nullable=False),
        sa.Column("from_at", instant, nullable=False),
        sa.Column("to_at", instant, nullable=True),
        sa.ForeignKeyConstraint(["handover_id"], ["handover.id"], name="fk_ownership_handover_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_ownership_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_ownership"),
    )
    op.create_index("ix_ownership_handover_id_id", "ownership", ["handover_id", "id"])
    op.create_index("ix_ownership_person_id", "ownership", ["person_id"])
    for statement in TRIGGERS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    for table in (
        "ownership",
        "note",
        "follow_up",
        "affected_unit",
        "post",
        "member",
        "material",
        "handover",
        "edition",
        "contact",
        "api_key",
        "person",
        "gift",
        "unit",
        "stored_answer",
        "network",
        "event",
    ):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION events_are_only_added")
