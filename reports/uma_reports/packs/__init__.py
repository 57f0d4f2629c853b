"""Packs in a run record: what lies beyond the letter of UMA 2.0, apart from rows and claim."""
