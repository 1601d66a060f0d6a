"""Stands in for icacls: nothing but a record of what it was asked."""

from .processes import record_call

record_call("icacls")
