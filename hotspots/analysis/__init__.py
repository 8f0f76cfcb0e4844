"""Tables in, tables and named measures out: pure, seeded, no files and no screen."""
