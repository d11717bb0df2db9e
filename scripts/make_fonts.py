"""Make the fonts: the poster's as woff2 subsets for pages; TTF files for pictures and PDF, of the
poster's faces and of the text faces; the code points of each.

Run by hand when a source changes; what it writes is committed.

    python -m venv /tmp/fonts && /tmp/fonts/bin/pip install fonttools brotli
    npm pack @expo-google-fonts/fira-sans-extra-condensed@0.4.1
    npm pack @expo-google-fonts/noto-kufi-arabic@0.4.3
    npm pack @expo-google-fonts/noto-sans@0.4.2
    npm pack @expo-google-fonts/noto-sans-arabic@0.4.3
    (unpack them, then)
    /tmp/fonts/bin/python scripts/make_fonts.py poster FIRA_FOLDER KUFI_FOLDER
    /tmp/fonts/bin/python scripts/make_fonts.py text SANS_FOLDER SANS_ARABIC_FOLDER

The sources are the whole, unchanged TTF files of these families (SIL Open Font License 1.1); their
hashes stand below, so that the same command writes the same bytes.
"""

import hashlib
import json
import shutil
import sys
from io import BytesIO
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

HERE = Path(__file__).resolve().parent.parent / "src/convoca"
FOR_PAGES = HERE / "web/static/web/fonts"
FOR_PICTURES = HERE / "core/fonts"

FIRA = (
    "800ExtraBold/FiraSansExtraCondensed_800ExtraBold.ttf",
    "e3a3be7efec42f271f0ab0bf1b9014df26b5d2a8651bda98bfbe56815ecabf6e",
)
KUFI = (
    "800ExtraBold/NotoKufiArabic_800ExtraBold.ttf",
    "77c9cc32c0f8fbda02e899f7c068e18f061fca5fd424e958cae3a0d63370db8b",
)

# The text faces, for PDF and pictures only: pages are read in the reader's own.
TEXT = {
    "sans": {
        "": (
            "400Regular/NotoSans_400Regular.ttf",
            "fe8c022f48d8dd29f17b744d16f9346f4357e16f7d4f7be58b000ae7c291b614",
        ),
        "-bold": (
            "700Bold/NotoSans_700Bold.ttf",
            "13a813c49624ae3ba3c5c6e72c5ebffc4b9e1e6ea32f421c04069b037c6ad431",
        ),
    },
    "arabic": {
        "": (
            "400Regular/NotoSansArabic_400Regular.ttf",
            "252629ca0e87b6233851249b8cbf7b43445211a8caf199f1b306a19202251508",
        ),
        "-bold": (
            "700Bold/NotoSansArabic_700Bold.ttf",
            "a86a704ff8b315082f4859b04c2f8f746f4cefb14553ef10505f143e0d4829d3",
        ),
    },
}
TEXT_RANGES = {
    # Latin with Vietnamese and the letters of Africa, Greek, Cyrillic, Devanagari.
    "sans": "0020-007E 00A0-052F 0900-097F 1D00-1D7F 1E00-1EFF 1F00-1FFF 2000-206F 2070-209F"
    " 20A0-20C0 2100-214F 2150-218F 2190-2193 2212 2248 2260 2264-2265 25A0 25CC 2C60-2C7F"
    " A720-A7FF A8E0-A8FF",
    "arabic": "0020-007E 00A0-017F 0218-021B 0300-0304 0308 030C 0323 0600-06FF 0750-077F"
    " 08A0-08FF 1E80-1E85 1E9E 2010-2015 2018-201E 2020-2022 2026 2030 2039-203A 200B-200F"
    " 202A-202E 2066-2069 20AC 2212 25CC FD3E-FD3F FDF0-FDFD",
}
TEXT_FEATURES = {
    "sans": "kern mark mkmk ccmp locl liga lnum tnum abvm blwm dist abvs akhn blwf blws cjct half"
    " nukt pres psts rkrf rphf rtlm",
    "arabic": "kern mark mkmk ccmp locl init medi fina isol rlig liga tnum rtlm",
}

# Marks stand in both Latin files, so that a letter and its mark are always drawn from one file.
MARKS = "0300-0304 0308 030C 0323 0329"

RANGES = {
    "latin": "0020-007E 00A0-00FF 0131 0152-0153 02BB-02BC 2010-2011 2013-2014 2018-201A"
    " 201C-201E 2022 2026 2039-203A 20AC 2212 " + MARKS,
    "latin-ext": "0100-0130 0132-0148 014A-0151 0154-017E 0186 0189-018A 018E-0194 0196-0199 019D"
    " 01A0-01A1 01AF-01B4 01CD-01DD 01E4-01E9 01F4-01F5 01F8-01F9 0200-021B 021E-021F 0228-0233"
    " 0244-0245 0253-0254 0256-0257 0259 025B 0260 0263 0268-0269 0272 0275 0289 028A-028C 0292"
    " 1E02-1E05 1E0A-1E0F 1E12-1E13 1E1E-1E1F 1E24-1E25 1E2E-1E2F 1E36-1E37 1E3C-1E41 1E44-1E47"
    " 1E4A-1E4D 1E50-1E57 1E5A-1E5B 1E60-1E63 1E6A-1E71 1E78-1E79 1E80-1E85 1E92-1E93 1E9E"
    " 1EA0-1EF9 A78B-A78C " + MARKS,
    "greek": "037E 0384-038A 038C 038E-03A1 03A3-03CE",
    "cyrillic": "0400-045F 0490-0491 2116",
    # Arabic, Persian, Urdu, Sorani, Pashto, Uyghur; a space, digits and stops, so that an Arabic
    # title is drawn from this one file.
    "arabic": "0020-0022 0028-0029 002B-003A 00A0 00AB 00BB 060C 061B 061F 0621-063A 0640-0652"
    " 0654-0655 0660-066C 0670-0671 0679 067C 067E 0681 0685-0686 0688-0689 0691 0693 0695-0696"
    " 0698 069A 06A4 06A9 06AB 06AD 06AF 06B5 06BA 06BC 06BE 06C0-06C3 06C6-06C8 06CB-06CE"
    " 06D0 06D2-06D5 06F0-06F9 200C-200D 2013 2026",
}
FEATURES = {
    "fira": ["kern", "mark", "mkmk", "ccmp", "locl"],
    "kufi": ["mark", "mkmk", "ccmp", "locl", "init", "medi", "fina", "isol", "rlig", "liga"],
}


def code_points(ranges: str) -> set[int]:
    found: set[int] = set()
    for part in ranges.split():
        first, _, last = part.partition("-")
        found.update(range(int(first, 16), int(last or first, 16) + 1))
    return found


def as_ranges(points: set[int]) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for point in sorted(points):
        if spans and point == spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], point)
        else:
            spans.append((point, point))
    return spans


def source(folder: Path, face: tuple[str, str]) -> bytes:
    name, expected = face
    data = (folder / name).read_bytes()
    if hashlib.sha256(data).hexdigest() != expected:
        sys.exit(f"{folder / name} is not the file this script was written for.")
    return data


def cut(data: bytes, points: set[int], features: list[str], flavor: str | None) -> bytes:
    """Return the font with these code points only: no hints, no names but the licence's."""
    options = subset.Options()
    options.layout_features = features
    options.hinting = False
    options.flavor = flavor
    options.name_IDs = [0, 1, 2, 4, 5, 6, 13, 14]
    options.name_languages = [0x409]
    options.notdef_outline = True
    options.glyph_names = False
    options.drop_tables += ["DSIG", "GDEF"] if "mark" not in features else ["DSIG"]
    font = TTFont(BytesIO(data), recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=points)
    cutter.subset(font)
    font.flavor = flavor
    out = BytesIO()
    font.save(out)
    return out.getvalue()


def make_text(folders: dict[str, Path]) -> None:
    for face, weights in TEXT.items():
        for weight, file in weights.items():
            whole = source(folders[face], file)
            points = code_points(TEXT_RANGES[face]) & set(TTFont(BytesIO(whole)).getBestCmap())
            data = cut(whole, points, TEXT_FEATURES[face].split(), None)
            (FOR_PICTURES / f"text-{face}{weight}.ttf").write_bytes(data)
            print(f"text-{face}{weight}.ttf: {len(data)} bytes, {len(points)} code points")
        shutil.copyfile(folders[face] / "LICENSE_FONT", FOR_PICTURES / f"LICENSE-{face}.txt")


def make_poster(folders: dict[str, Path]) -> None:
    fonts = {"fira": source(folders["fira"], FIRA), "kufi": source(folders["kufi"], KUFI)}
    held = {name: set(TTFont(BytesIO(data)).getBestCmap()) for name, data in fonts.items()}
    FOR_PAGES.mkdir(parents=True, exist_ok=True)
    FOR_PICTURES.mkdir(parents=True, exist_ok=True)
    covered: dict[str, list[tuple[int, int]]] = {}
    whole: dict[str, set[int]] = {"fira": set(), "kufi": set()}
    for piece, ranges in RANGES.items():
        face = "kufi" if piece == "arabic" else "fira"
        points = code_points(ranges) & held[face]
        whole[face] |= points
        covered[piece] = as_ranges(points)
        data = cut(fonts[face], points, FEATURES[face], "woff2")
        (FOR_PAGES / f"poster-{piece}.woff2").write_bytes(data)
        print(f"poster-{piece}.woff2: {len(data)} bytes, {len(points)} code points")
        print("  unicode-range:", ", ".join(css_range(span) for span in covered[piece]))
    # A picture is drawn with one face: the Arabic one brings its own Latin for names within.
    whole["kufi"] |= whole["fira"] & held["kufi"]
    for face, points in whole.items():
        data = cut(fonts[face], points, FEATURES[face], None)
        (FOR_PICTURES / f"poster-{face}.ttf").write_bytes(data)
        print(f"poster-{face}.ttf: {len(data)} bytes")
        for folder in (FOR_PAGES, FOR_PICTURES):
            shutil.copyfile(folders[face] / "LICENSE_FONT", folder / f"LICENSE-{face}.txt")
    (FOR_PICTURES / "covered.json").write_text(json.dumps(covered, indent=1) + "\n")


def main() -> None:
    what, folders = sys.argv[1], [Path(folder) for folder in sys.argv[2:4]]
    if what == "text":
        make_text(dict(zip(TEXT, folders, strict=True)))
    else:
        make_poster(dict(zip(("fira", "kufi"), folders, strict=True)))


def css_range(span: tuple[int, int]) -> str:
    first, last = span
    return f"U+{first:X}" if first == last else f"U+{first:X}-{last:X}"


if __name__ == "__main__":
    main()
