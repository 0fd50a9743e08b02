"""The words: domains, label spaces and the maps between them, streams, registries. Imports errors alone."""
