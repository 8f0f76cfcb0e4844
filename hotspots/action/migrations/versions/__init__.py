"""Steps by which the records came to their shape, one after the other, both ways."""
