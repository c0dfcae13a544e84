"""Tests of the page and the figures."""
