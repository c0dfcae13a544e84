"""A font with Chinese glyphs for matplotlib: one that is installed, or none, and then it is said."""

from functools import cache
from pathlib import Path

from matplotlib import font_manager

# families with simplified Chinese, best first; matplotlib may know a collection by its first face only (JP)
FAMILIES = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "PingFang SC",
    "Microsoft YaHei",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "SimHei",
    "Hiragino Sans GB",
    "Heiti SC",
    "Noto Serif CJK SC",
    "Noto Serif CJK JP",
)
FILES = ("notosanscjk", "sourcehansans", "pingfang", "msyh", "wqy", "simhei")  # file names of the same
FALLBACK = "DejaVu Sans"  # comes with matplotlib; no Chinese


def best_family(known: set[str]) -> str | None:
    """The first of FAMILIES among the known names."""
    return next((family for family in FAMILIES if family in known), None)


@cache
def chinese_family() -> str | None:
    """An installed family with Chinese glyphs; None if there is none. Fonts newer than matplotlib's own list are found too."""
    manager = font_manager.fontManager
    found = best_family({font.name for font in manager.ttflist})
    if found is not None:
        return found
    for path in font_manager.findSystemFonts():
        if any(name in Path(path).name.lower().replace("-", "") for name in FILES):
            manager.addfont(path)
    return best_family({font.name for font in manager.ttflist})
