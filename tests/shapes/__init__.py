"""What a CA returned for one request, in every shape in which it comes, and in many that are broken."""
