"""Every table, so that the metadata is whole for migrations."""

from obt_server.audit import tables as audit
from obt_server.auth import tables as auth
from obt_server.clients import tables as clients
from obt_server.db import Base
from obt_server.hardware import tables as hardware
from obt_server.jobs import tables as jobs
from obt_server.models import tables as models
from obt_server.operations import tables as operations
from obt_server.results import tables as results
from obt_server.sessions import tables as sessions
from obt_server.suites import tables as suites

TABLES = (audit, auth, clients, hardware, jobs, models, operations, results, sessions, suites)
metadata = Base.metadata
