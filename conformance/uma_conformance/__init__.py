"""UMA 2.0 conformance suite: catalogue, drivers, actors, probes and checks."""
