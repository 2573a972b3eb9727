"""What was found in files and what is wanted -> what is written: certificates and keys in another form."""
