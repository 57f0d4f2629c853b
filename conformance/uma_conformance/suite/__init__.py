"""The checks: pytest tests that judge recordings, by the role of the target."""
