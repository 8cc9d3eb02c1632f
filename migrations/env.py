"""Alembic's entry. The connection comes from app.migrating, or from alembic.ini's url."""

from alembic import context
from sqlalchemy import Connection

from app.db import Database
from app.migrating import must_point_right, tables_made_anew
from app.settings import Settings
from app.tables import metadata


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata(),
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        transaction_per_migration=False,
        # Both databases undo changed tables too: all migrations, or none of them.
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()
        must_point_right(connection)


connection = context.config.attributes.get("connection")
if connection is None:
    with Database(Settings()).writer.connect() as own, tables_made_anew(own):
        run(own)
else:
    run(connection)
