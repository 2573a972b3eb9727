"""Decide what a site's generation needs: what is made, kept, replaced, and why."""
