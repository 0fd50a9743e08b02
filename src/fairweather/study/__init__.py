"""The study file, contexts, units and the plan. Touches no result."""
