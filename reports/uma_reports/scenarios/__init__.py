"""The scenarios that a run played: their steps in the run record, and in every report."""
