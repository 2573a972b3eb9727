"""Files of other projects that the reader is held against, none of them kept here."""
