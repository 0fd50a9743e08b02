"""The LaTeX tables: taken apart by a reader that knows what may stand in them and nothing else, and set by LaTeX if there."""

import re
import shutil
import subprocess
from dataclasses import dataclass, replace

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairweather.analysis.finding import Estimate
from fairweather.report.latex import ROWS, escape, to_latex
from fairweather.report.numbers import interval, signed
from fairweather.report.shape import shape_of

NAMES = ("study", "tiny", "large", "hostile", "bare")
EVIL = (
    "_under_score", "100 %", "a & b", "#1", "$x^2$", "{open", "shut}", "~tilde~", "^hat", "\\input{/etc/passwd}", "line\nfeed",
    "carriage\rreturn", "tab\there", "bell\x07", "🌧 rain", "漢字", "na\u0308\u00efve", "[1ex]", "*", "--", "``''", "<<>>|", '"a',
    " lead", "trail ", "two  spaces", "x" * 300, "word " * 60, "\\" * 300, "-", "=1+1", "U+000A", "−5", "–", "…", "\u2028",
    "\x00", "\\\\", "% comment", "é", "†",
)  # fmt: skip

PRINTED = {
    "\\textasciitilde": "~", "\\textasciicircum": "^", "\\textbackslash": "\\", "\\textless": "<", "\\textgreater": ">",
    "\\textbar": "|", "\\textquotesingle": "'", "\\textasciigrave": "`", "\\textvisiblespace": " ", "\\ldots": "…", "\\dag": "†",
    "\\_": "_", "\\%": "%", "\\&": "&", "\\#": "#", "\\{": "{", "\\}": "}", "\\$": "$",
}  # fmt: skip
MATHS = {"$-$": "−", "$\\pm$": "±", "$\\times$": "×"}
TOKENS = re.compile(
    r"(?P<coded>\\texttt\{U\+(?P<code>[0-9A-F]{4,6})\})"
    r"|(?P<quote>\{\\char34\})"
    r"|(?P<held>\{[-*\[\]]\})"
    r"|(?P<gap>\\hspace\{0pt\})"
    r"|(?P<maths>\$(?:-|\\pm|\\times)\$)"
    r"|(?P<word>\\[a-zA-Z]+)\{\}"
    r"|(?P<special>\\[_%&#{}$])"
    r"|(?P<dash>---?)"
    r"|(?P<bold>\\textbf\{)|(?P<code_open>\\texttt\{)|(?P<close>\})"
    r"|(?P<box>\\parbox\[t\]\{0\.4\\linewidth\}\{\\raggedright\\strut )|(?P<strut>\\strut(?=\}))"
    r"|(?P<plain>[A-Za-z0-9 !()+,./:;=?@À-ÖØ-öø-ÿ])"
)


@dataclass(frozen=True)
class Read:
    """A table as it is read: `bold` holds (row, column) of the bold cells; `parts` counts the rows between the rules."""

    caption: str
    label: str
    align: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    bold: frozenset[tuple[int, int]]
    parts: tuple[int, ...]


def text_of(latex: str) -> str:
    """What a run of LaTeX prints; fails on anything that is not one of the known tokens, and on braces out of balance."""
    printed, depth, at = [], 0, 0
    while at < len(latex):
        found = TOKENS.match(latex, at)
        assert found, f"{latex[at : at + 30]!r} is not text"
        kind, at = found.lastgroup, found.end()
        depth += kind in ("bold", "code_open", "box")
        if kind == "close":
            depth -= 1
            assert depth >= 0, "a brace is shut that was not opened"
        elif found["code"]:
            printed.append(chr(int(found["code"], 16)))
        else:
            as_is = {"held": found[0][1:2], "quote": '"', "dash": "–" if len(found[0]) == 2 else "—", "plain": found[0]}
            known = {
                "maths": MATHS.get(found[0]),
                "word": PRINTED.get(found["word"] or ""),
                "special": PRINTED.get(found[0]),
            }
            if kind in known:
                assert known[kind] is not None, f"{found[0]!r} is no command of these tables"
            printed.append(known.get(kind) or as_is.get(kind, ""))
    assert depth == 0, "a brace stays open"
    return "".join(printed)


def cells_of(line: str) -> list[str]:
    """A row at its bare ampersands."""
    assert line.endswith(" \\\\"), line
    return re.split(r"(?<=[^\\]) & |^ & ", line[: -len(" \\\\")])


FLOAT = re.compile(
    r"\n\\begin\{table\}\n\\centering\n\\(?:small|footnotesize)\n\\setlength\{\\tabcolsep\}\{4pt\}\n"
    r"\\caption\{(?P<caption>[^\n]*)\}\n\\label\{tab:(?P<label>[A-Za-z0-9-]+)\}\n"
    r"\\begin\{tabular\}\{(?P<align>[lr]+)\}\n\\toprule\n(?P<head>[^\n]*)\n\\midrule\n(?P<body>(?:[^\n]*\n)+?)\\bottomrule\n"
    r"\\end\{tabular\}\n\\end\{table\}\n"
)


def read(latex: str) -> list[Read]:
    """The tables of a file, strictly: every byte of it belongs to one."""
    head, at = re.match(r"%[^\n]*\n", latex), 0
    assert head and latex[head.end() :]
    at, found = head.end(), []
    while at < len(latex):
        table = FLOAT.match(latex, at)
        assert table, f"not a table: {latex[at : at + 200]!r}"
        at = table.end()
        parts = [part.splitlines() for part in table["body"].split("\\midrule\n")]
        lines = [cells_of(line) for part in parts for line in part]
        titles = cells_of(table["head"])
        assert {len(line) for line in [titles, *lines]} == {len(table["align"])}
        bold = {(r, c) for r, line in enumerate(lines) for c, cell in enumerate(line) if cell.startswith("\\textbf{")}
        read_lines = tuple(tuple(map(text_of, line)) for line in lines)
        found.append(
            Read(
                text_of(table["caption"]), table["label"], table["align"], tuple(map(text_of, titles)), read_lines,
                frozenset(bold), tuple(map(len, parts)),
            )
        )  # fmt: skip
    return found


@pytest.fixture(scope="module")
def evil(contents, renamed):
    """The large content, its 26 strategies under evil names; and once more with the rest of the names."""
    return [renamed(contents["large"], EVIL[:26]), renamed(contents["large"], EVIL[26:])]


@pytest.mark.parametrize("name", NAMES)
def test_every_table_is_well_formed(contents, name):
    found = to_latex(contents[name])
    assert bool(found) == (name != "bare")
    tables = [table for text in found.values() for table in read(text)]
    labels = [table.label for table in tables]
    assert len(labels) == len(set(labels))
    for table in tables:
        assert len(table.rows) <= ROWS and all(parts > 0 for parts in table.parts)
        assert not re.search(r"[.!?]$|\b(is|are|has|helps|hurts|shows|beats)\b", table.caption.split(",")[0]), (
            table.caption
        )


def test_the_files(contents):
    both = {"gains.tex", "changes.tex", "moves.tex", "domains.tex", "verdicts.tex", "claims.tex"}
    assert set(to_latex(contents["study"])) == both
    assert set(to_latex(contents["tiny"])) == both - {"changes.tex", "moves.tex"}
    assert to_latex(contents["bare"]) == {}


def test_evil_names_come_back(evil, contents):
    shown = {row[0] for content in evil for table in read(to_latex(content)["gains.tex"]) for row in table.rows}
    assert set(EVIL) <= shown
    for table in read(to_latex(contents["hostile"])["gains.tex"]):
        assert {row[0] for row in table.rows} == set(shape_of(contents["hostile"]).arms)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=90))
def test_any_text_comes_back(text):
    latex = escape(text)
    assert text_of(latex) == text
    assert "\n" not in latex and "  " not in latex and not latex.startswith((" ", "[", "*"))


def test_numbers_intervals_sets_and_bold_cells_of_the_gains(contents):
    content = contents["study"]
    shape = shape_of(content)
    tables = read(to_latex(content)["gains.tex"])
    assert [t.caption.rpartition(", ")[2] for t in tables] == list(shape.contexts)
    ranks = {(r["context"], r["strategy"]): r for r in content.tables["ranks"].to_pylist()}
    for context, table in zip(shape.contexts, tables, strict=True):
        assert table.head == ("strategy", "gain", "95 % interval", "adjusted p", "verdict", "rank set", "tier")
        assert table.parts == (len(shape.strategies), len(shape.controls))
        for r, row in enumerate(table.rows):
            m, p = shape.gain(context, row[0]), shape.gains[context, row[0], ""]["p_adjusted"]
            assert row[1:3] == (signed(m.value), interval(m.low, m.high))
            assert row[3] == ("<0.001" if p < 0.001 else f"{p:.3f}")
            assert ((r, 1) in table.bold) == (m.verdict in ("yes", "no"))
            standing = ranks.get((context, row[0]))
            low, high = (f"{standing[k]}" for k in ("rank_low", "rank_high")) if standing else ("–", "–")
            assert row[5] == (low if low == high else f"{low}–{high}")
            assert row[6] == (str(standing["tier"]) if standing else "–")
        gains = [shape.gain(context, row[0]).value for row in table.rows[: table.parts[0]]]
        assert gains == sorted(gains, reverse=True)
        assert table.bold, "some gain is decided"


def test_changes_and_moves(contents):
    content = contents["study"]
    changes = {r["strategy"]: r for r in content.tables["changes"].to_pylist() if not r["domain"]}
    moves = {r["strategy"]: r for r in content.tables["moves"].to_pylist()}
    found = to_latex(content)
    (table,) = read(found["changes.tex"])
    assert table.head[:4] == ("strategy", "stage1", "stage2", "change") and len(table.rows) == len(changes)
    for r, row in enumerate(table.rows):
        c = changes[row[0]]
        assert row[1:4] == tuple(signed(c[k]) for k in ("gain_first", "gain_second", "change"))
        assert row[4] == interval(c["low"], c["high"]) and ((r, 3) in table.bold) == (c["verdict"] in ("yes", "no"))
    (table,) = read(found["moves.tex"])
    for row in table.rows:
        m = moves[row[0]]
        assert [int(cell.replace("−", "-")) for cell in row[1:4]] == [m["rank_first"], m["rank_second"], m["move"]]
        low, _, high = row[4].partition(" to ")
        assert (float(low.replace("−", "-")), float(high)) == (m["band_low"], m["band_high"])
    assert len(table.rows) == len(moves)


def test_domains_mark_what_is_unsupported(contents):
    content = contents["large"]
    shape = shape_of(content)
    for context, table in zip(shape.contexts, read(to_latex(content)["domains.tex"]), strict=True):
        assert tuple(head.rstrip("†") for head in table.head[1:]) == shape.domains
        assert {head.rstrip("†") for head in table.head if head.endswith("†")} == shape.unsupported != set()
        assert table.caption.endswith("†: unsupported")
        for r, row in enumerate(table.rows):
            for c, domain in enumerate(shape.domains, 1):
                m = shape.gain(context, row[0], domain)
                assert row[c] == signed(m.value) and ((r, c) in table.bold) == (m.verdict in ("yes", "no"))


def test_what_is_missing_is_a_dash(contents):
    content = contents["tiny"]
    (table,) = read(to_latex(content)["gains.tex"])
    (row,) = table.rows
    assert row[2:4] == ("–", "–") and row[4] == "not testable" and not table.bold
    gains = content.tables["gains"]
    empty = gains.set_column(gains.column_names.index("gain"), "gain", pa.array([None] * len(gains), pa.float64()))
    bare = replace(content, tables=content.tables | {"gains": empty}, findings=())
    assert not {"gains.tex", "domains.tex"} & set(to_latex(bare)), "no table of nothing but dashes"


def test_claims_are_named_by_their_ids(contents):
    content = contents["large"]
    shape = shape_of(content)
    claims = {f.id: f for f in content.findings if shape.about(f).asked == "claim"}
    (table,) = read(to_latex(content)["claims.tex"])
    assert [row[0] for row in table.rows] == list(claims)
    for r, row in enumerate(table.rows):
        finding = claims[row[0]]
        assert row[1:3] == (finding.verdict, finding.scope)
        assert ((r, 1) in table.bold) == (finding.verdict in ("yes", "no"))


def test_what_is_counted_has_its_unit_and_no_decimals(contents):
    """Points stand alone, as the caption says; and where a table of changes is missing the gains of the contexts stand in."""
    content = contents["study"]
    given = {"places in all": (258.0, "258 places in all"), "Kendall tau-b": (-0.124, "−0.12 Kendall tau-b"),
             "mIoU points": (3.0, "+3.00")}  # fmt: skip
    claims = [f for f in content.findings if f.id.startswith("context.")]
    for (unit, (value, printed)), finding in zip(given.items(), claims, strict=True):
        changed = replace(content, findings=(replace(finding, estimate=Estimate(value, None, None, unit)),))
        (table,) = read(to_latex(changed)["claims.tex"])
        assert table.rows[0][3] == printed
    bare = replace(content, tables=content.tables | {"changes": content.tables["changes"].slice(0, 0)})
    (table,) = read(to_latex(bare)["changes.tex"])
    shape = shape_of(content)
    for row in table.rows:
        assert row[1:3] == tuple(signed(shape.gain(c, row[0]).value) for c in ("stage1", "stage2"))


def test_verdicts_in_words(contents):
    (table,) = read(to_latex(contents["study"])["verdicts.tex"])
    assert table.head == ("strategy", "stage1", "stage2", "change from stage1 to stage2")
    by_name = {row[0]: row[1:] for row in table.rows}
    assert by_name["std_darken"] == ("helps", "hurts", "smaller")
    assert len(by_name) == len(shape_of(contents["study"]).arms)


def test_a_printed_table_is_printed_again(contents):
    printed = pa.table({
        "strategy": ["std_cutmix", "gen_a"], "first": ["stage1"] * 2, "second": ["stage2"] * 2, "gain_first": [0.27, 1.97],
        "gain_second": [1.45, None], "change": [1.18, None], "rank_first": [26.0, 1.5], "rank_second": [1.0, None],
        "rank_change": [25.0, None],
    })  # fmt: skip
    content = replace(contents["bare"], tables={"printed": printed})
    (table,) = read(to_latex(content)["printed.tex"])
    assert table.rows == (
        ("std_cutmix", "+0.27", "+1.45", "+1.18", "26", "1", "+25"),
        ("gen_a", "+1.97", "–", "–", "1.5", "–", "–"),
    )


def test_long_tables_are_split(contents):
    content = contents["study"]
    gains = content.tables["gains"].to_pylist()
    one = next(r for r in gains if r["strategy"] == "std_darken" and not r["domain"])
    many = [one | {"strategy": f"s{i:03}", "gain": float(i)} for i in range(95)]
    tables = read(to_latex(replace(content, tables={"gains": pa.Table.from_pylist(many)}, findings=()))["gains.tex"])
    assert [len(t.rows) for t in tables] == [40, 40, 15]
    assert [t.label for t in tables] == ["gains-stage1", "gains-stage1-2", "gains-stage1-3"]
    assert [t.caption.rpartition(" (")[2] for t in tables] == ["1 of 3)", "2 of 3)", "3 of 3)"]
    assert [row[0] for t in tables for row in t.rows] == [f"s{i:03}" for i in reversed(range(95))]


@pytest.mark.parametrize(
    "broken",
    [
        "a & b",
        "100%",
        "x_1",
        "{a",
        "a}",
        "\\input{x}",
        "a^b",
        "~",
        "#",
        "\\textbf{a",
        "\\foo{}",
        "a\x07",
        "漢",
        "[1]",
        "*",
    ],
)
def test_the_reader_is_strict(broken):
    with pytest.raises(AssertionError):
        text_of(broken)


@pytest.mark.parametrize("broken", [("& +", "+"), ("\\midrule\n", ""), ("\\\\\n", "\n"), ("\\bottomrule", "\\hline")])
def test_the_reader_is_strict_about_tables(contents, broken):
    text = to_latex(contents["study"])["gains.tex"]
    assert broken[0] in text
    with pytest.raises(AssertionError):
        read(text.replace(*broken, 1))


def test_latex_sets_them(contents, evil, tmp_path):
    program = next((p for p in ("pdflatex", "tectonic") if shutil.which(p)), None)
    if program is None:
        pytest.skip("neither pdflatex nor tectonic is on the path")
    inputs = []
    for i, content in enumerate([contents["large"], contents["hostile"], *evil]):
        for name, text in to_latex(content).items():
            (tmp_path / f"t{i}{name}").write_text(text, encoding="utf-8")
            inputs.append(f"\\input{{t{i}{name}}}\\clearpage")
    document = (
        "\\documentclass{article}\\usepackage{booktabs}\\begin{document}\n" + "\n".join(inputs) + "\n\\end{document}\n"
    )
    (tmp_path / "all.tex").write_text(document)
    options = ["-interaction=nonstopmode", "-halt-on-error"] if program == "pdflatex" else []
    done = subprocess.run([program, *options, "all.tex"], cwd=tmp_path, capture_output=True, timeout=120, check=False)
    log = done.stdout.decode(errors="replace")
    assert done.returncode == 0 and "\n!" not in log, log[-3000:]
    assert (tmp_path / "all.pdf").stat().st_size > 20_000
