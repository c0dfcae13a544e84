"""Every test plays with the declarations of the parts enforced, and none fails because the machine is busy."""

import os

from hypothesis import settings

os.environ.setdefault("SIM_CHECK", "1")
settings.register_profile("busy", deadline=None)
settings.load_profile("busy")
