"""The parts of the networks, all torch. Nothing imports this package when `fairweather.models` is imported: an entry's
`build` does, so that models can be listed and planned without torch."""
