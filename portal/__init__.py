"""Golden Thread: the portal in which a child's Education, Health and Care plan is written, signed and kept."""
