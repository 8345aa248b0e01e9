"""One verb for each thing people do; every write goes through act.py: load, check, decide, save."""
