"""From public figures to a synthetic community."""
