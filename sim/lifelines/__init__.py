"""Lifelines: damage and function. Repair is a service."""
