"""Pure: diff bytes to a Change; paths to language, lockfile, generated, vendored."""
