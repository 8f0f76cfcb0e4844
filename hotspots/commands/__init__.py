"""Parts of the command line: options that commands share, and those that ask the data."""
