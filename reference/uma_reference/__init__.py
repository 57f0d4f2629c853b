"""UMA 2.0 reference implementation: a spec-faithful authorization server and its faulty variants."""
