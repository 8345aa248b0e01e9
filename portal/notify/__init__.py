"""Delivers messages: by a mail server, by GOV.UK Notify; each way is a `Channel`, and nothing else is known of it."""
