"""Loopback servers that speak the real protocols of OpenAI, Anthropic and Ollama, fault by fault."""
