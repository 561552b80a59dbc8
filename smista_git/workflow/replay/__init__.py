"""A past range routed under a policy, without a model: what if."""
