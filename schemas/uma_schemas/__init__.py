"""JSON Schemas for the messages of UMA 2.0 and for the file formats of the suite."""
