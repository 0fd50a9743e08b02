"""Speed of fairweather beside what users have today: `python -m bench.bench`, one file per topic."""
