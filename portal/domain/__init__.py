"""The rules of a plan: frozen data and pure functions, with no framework, database or network."""
