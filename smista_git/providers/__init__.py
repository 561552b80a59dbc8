"""One file a wire; SDKs are imported inside the call."""
