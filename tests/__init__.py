"""The tests, as a package of their own: another of the same name comes with a test dependency."""
