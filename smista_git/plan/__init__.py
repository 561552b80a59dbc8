"""Pure: context packing, redaction, the estimate, and the Plan itself."""
