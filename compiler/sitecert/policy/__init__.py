"""What CAs, clients and Smart Suite accept: each rule a function, the rules in tables."""
