"""Actors: the parties that the suite plays. They send exactly what they are told to."""
