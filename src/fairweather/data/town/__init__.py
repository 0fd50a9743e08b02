"""Fairtown: a procedural street world in which every scene can be seen in every kind of weather."""
