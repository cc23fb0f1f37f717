"""Write edge/drivers/displays/pinyin.csv: a line for each syllable, with the characters read so.

Readings are pypinyin's usual one of each character of Unicode's first block of ideographs, without
tones; u with two dots is v, as on keyboards.
"""

from collections import defaultdict
from pathlib import Path

from pypinyin import Style, pinyin

TABLE = Path(__file__).parents[1] / "edge" / "drivers" / "displays" / "pinyin.csv"
IDEOGRAPHS = range(0x4E00, 0xA000)


def main() -> None:
    read: defaultdict[str, str] = defaultdict(str)
    for character in map(chr, IDEOGRAPHS):
        syllable = pinyin(character, style=Style.NORMAL, errors="ignore")
        if syllable:
            read[syllable[0][0].replace("ü", "v").replace("ê", "e")] += character
    lines = [f"{syllable},{characters}\n" for syllable, characters in sorted(read.items())]
    TABLE.write_text("".join(lines), encoding="utf-8")
    print(f"{TABLE.name}: {len(read)} syllables, {sum(map(len, read.values()))} characters")


if __name__ == "__main__":
    main()
