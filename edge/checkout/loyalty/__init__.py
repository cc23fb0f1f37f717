"""Members: who they are, what their tier gives them, and what they are told."""
