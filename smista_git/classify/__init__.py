"""Pure: type, kind, tier and sensitivity of a change, each with its evidence."""
