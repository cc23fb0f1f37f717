"""Properties are checked on the same examples in every run, on however slow a machine."""

from hypothesis import settings

settings.register_profile("till", deadline=None, derandomize=True)
settings.load_profile("till")
