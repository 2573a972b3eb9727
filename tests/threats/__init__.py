"""Threats: each with its guard, and the test that fails without it (docs/security.md)."""
