"""Everything that is tested; a package, so that no other of this name stands in its way."""
