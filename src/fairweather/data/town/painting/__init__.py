"""The painters of the atlas: one file per family of tiles, each drawing in linear reflectance on a `canvas.Canvas`."""
