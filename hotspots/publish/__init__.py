"""What leaves the building: files that say what they hold and where it came from."""
