"""The vector primitives, one file each: the registry is :data:`primitives.VECTORS`."""
