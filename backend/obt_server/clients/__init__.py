"""Clients: enrolment, what their heartbeats said last, presence."""
