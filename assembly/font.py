"""Makes src/figures/png/roboto.ts: the Latin and Greek letters of Roboto Regular.

Run: python assembly/font.py Roboto_400Regular.ttf > src/figures/png/roboto.ts

The font comes from npm, @expo-google-fonts/roboto 0.4.3; needs fonttools 4.68.
"""

import base64
import io
import sys
import textwrap

from fontTools import subset
from fontTools.ttLib import TTFont

LETTERS = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),
    *range(0x391, 0x3CA),
    *range(0x2010, 0x2016),
    *range(0x2018, 0x201F),
    *[0x2020, 0x2021, 0x2022, 0x2026, 0x2030, 0x2032, 0x2033, 0x20AC, 0x2122],
    *[0x2212, 0x221A, 0x221E, 0x2248, 0x2260, 0x2264, 0x2265],
]

font = TTFont(sys.argv[1], recalcTimestamp=False)
options = subset.Options()
options.layout_features = []
options.hinting = False
# resvg leaves out a font without its PostScript name, 6.
options.name_IDs = [0, 1, 2, 4, 6, 13, 14]
options.drop_tables += ["GDEF", "GPOS", "GSUB", "STAT", "gasp"]
subsetter = subset.Subsetter(options)
subsetter.populate(unicodes=LETTERS)
subsetter.subset(font)
out = io.BytesIO()
font.save(out)
text = base64.b64encode(out.getvalue()).decode()
lines = " +\n".join(f'  "{line}"' for line in textwrap.wrap(text, 1000))
print(f"""/**
 * Latin and Greek letters of Roboto Regular, base64, made by assembly/font.py.
 *
 * Copyright 2011 The Roboto Project Authors, SIL Open Font License 1.1, whose
 * text is in OFL.txt.
 */
export const ROBOTO: string =
{lines};""")
