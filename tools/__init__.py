"""What is run by hand: extracts of public data, made once and kept in the repository."""
