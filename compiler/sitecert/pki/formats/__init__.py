"""Files in whatever form they came: what they hold, found by content and never by name."""
