"""Pure: the policy's schema, its layers, matching, floors, and the decision."""
