"""The UMA 2.0 reference: a spec-faithful authorization server and its faulty variants."""
