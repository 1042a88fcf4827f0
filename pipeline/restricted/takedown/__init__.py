"""What comes down, by when, what is left of it, and that it stays down."""
