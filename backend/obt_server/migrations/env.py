"""Alembic's way in: always on the connection that it was given."""

from alembic import context

from obt_server.schema import metadata

connection = context.config.attributes["connection"]
if connection is None:
    raise RuntimeError("migrations run through obt_server.migrate, which gives them a connection")
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
    transaction_per_migration=False,
    on_version_apply=context.config.attributes.get("on_step"),
)
context.run_migrations()
