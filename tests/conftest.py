"""For every test: hypothesis judges what is true, not how fast a busy machine is."""

from hypothesis import settings

settings.register_profile("kboot", deadline=None)
settings.load_profile("kboot")
