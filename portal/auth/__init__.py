"""Signing in: OpenID Connect at each agency's provider, sessions on the server, and every route closed unless opened."""
