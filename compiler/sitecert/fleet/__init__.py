"""The sites of a repository together: what is due on a day, and sites from a team's spreadsheet."""
