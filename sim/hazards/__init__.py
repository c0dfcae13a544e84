"""Hazards: they write intensities only."""
