"""What people decide, where they go, what they need."""
