"""Migrations: files NNNN_what.py, each with a docstring saying why and one `migrate(db)`, forward only, safe to repeat.

A migration imports nothing of the portal, so that its meaning never drifts, and leaves the database
usable by the code that is still running. The runner (portal/store/migrations.py) records each file's
name and checksum and refuses gaps, repeats and edited files.
"""
