"""The peer for a section's history: django-simple-history on PostgreSQL, a small Django project of the usual shape."""
