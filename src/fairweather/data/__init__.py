"""Samples, readers, manifests, the prepared cache, and the toy twin. Knows nothing of models or metrics."""
