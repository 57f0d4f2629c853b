"""Run records and their renderings for people and for CI."""
