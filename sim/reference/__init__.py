"""Small tables with source and verified flag (CSV), loaded by name."""
