"""Every test plays with the declarations of the parts enforced."""

import os

os.environ.setdefault("SIM_CHECK", "1")
