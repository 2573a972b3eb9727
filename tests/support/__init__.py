"""What the tests share: sites and certificates made to order, and the programs that judge."""
