"""Make static/fonts/*.woff2: the letters that we use, out of IBM Plex Sans Arabic.

    npm pack @ibm/plex-sans-arabic && tar xzf ibm-plex-sans-arabic-*.tgz
    python tools/subset_fonts.py package/fonts/complete/woff2

The licence (OFL 1.1) reserves the name "Plex" for the original: a subset is a modified
version, so it calls itself "Iltizam Sans" (docs/design.md).
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FAMILY = "Iltizam Sans"
WEIGHTS = {"Regular": "400", "SemiBold": "600"}
TARGET = Path(__file__).resolve().parent.parent / "static" / "fonts"

ARABIC = [
    *range(0x0621, 0x063B),  # hamza to ghain
    *range(0x0640, 0x0653),  # tatweel, fa to ya, the vowel signs
    *map(ord, "ٰٱپچڤڥڭگݣ"),  # dagger alif, wasla; letters of Moroccan names and loan words
    *map(ord, "،؛؟٪"),
    *range(0x0660, 0x066A),  # Arabic-Indic digits, since people type them
]
LATIN = [
    *range(0x20, 0x7F),
    *map(ord, "ÀÂÆÇÉÈÊËÎÏÔŒÙÛÜŸàâæçéèêëîïôœùûüÿñÑ"),
    *map(ord, "\u00a0\u202f«»‹›“”‘’„…–—·•×−°€§№←→↑↓"),
]
# Joiners and direction marks shape the text around them; each must stay in the same run.
CONTROLS = [0x200C, 0x200D, 0x200E, 0x200F, 0x061C, *range(0x2066, 0x206A)]


def make(source: Path, style: str) -> Path:
    """Write the subset of `source` in `style` and return where it went."""
    options = subset.Options()
    options.flavor = "woff2"
    # What Arabic needs to join, with its ligatures, and marks in their places; no alternates, no fractions.
    options.layout_features = [
        "ccmp",
        "locl",
        "isol",
        "init",
        "medi",
        "fina",
        "rlig",
        "calt",
        "liga",
        "kern",
        "mark",
        "mkmk",
        "curs",
    ]
    options.hinting = False
    options.desubroutinize = True
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.name_languages = [0x409]
    font = TTFont(source)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[*ARABIC, *LATIN, *CONTROLS])
    subsetter.subset(font)
    names = font["name"]
    for name_id, text in {1: FAMILY, 2: style, 3: f"{FAMILY} {style}", 4: f"{FAMILY} {style}"}.items():
        names.setName(text, name_id, 3, 1, 0x409)
    names.setName(f"{FAMILY.replace(' ', '')}-{style}", 6, 3, 1, 0x409)
    TARGET.mkdir(parents=True, exist_ok=True)
    target = TARGET / f"iltizam-sans-{WEIGHTS[style]}.woff2"
    subset.save_font(font, target, options)
    return target


if __name__ == "__main__":
    for style in WEIGHTS:
        path = make(Path(sys.argv[1]) / f"IBMPlexSansArabic-{style}.woff2", style)
        print(f"{path.name}: {path.stat().st_size} bytes")
