"""Services: what waits, queues and serves."""
