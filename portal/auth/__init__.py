"""Signing in: OpenID Connect at each agency's provider, server-side sessions, every route closed unless opened."""
