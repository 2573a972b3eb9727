"""Connect to servers and compare what they serve: the one room that opens sockets."""
