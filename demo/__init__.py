"""The demonstration: fictional children, demonstration identity providers, and an embedded MongoDB."""
