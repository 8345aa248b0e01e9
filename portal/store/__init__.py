"""The only room that knows pymongo: what is kept, and the one transaction that keeps it."""
