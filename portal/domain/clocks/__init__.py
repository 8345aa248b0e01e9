"""Every statutory date of a case, computed from its dated events by rules that stand beside their regulation."""
