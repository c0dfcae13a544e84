"""Figures and the page, from a saved result."""
