"""The outside world turned into validated tables: the only readers of foreign files."""
