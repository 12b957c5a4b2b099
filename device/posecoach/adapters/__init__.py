"""The only place that imports a hardware, UI, media or system library; adapters do not import each other."""
