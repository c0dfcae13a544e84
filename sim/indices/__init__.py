"""Maintenance, recovery, development: computed from what happened."""
