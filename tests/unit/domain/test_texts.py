"""Texts and links that people write: what may be shown to others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from steadymint.domain.texts import as_code, parse_link, parse_text, without_padding


@pytest.mark.parametrize(
    "text",
    [
        "Zoë", "山田", "سلام\u200cها", "👩\u200d🚀", "👩🏽\u200d🚀", "🏴\u200d☠️", "❤️\u200d🔥", "❤️",
        "1️⃣", "©️ 2030", "क्\u200dष", "ක්\u200dය",
        "O'Neil & <b>", "a" * 50, "مرحبا",
    ],
)  # fmt: skip
def test_what_people_are_called_is_taken(text: str) -> None:
    assert parse_text(text, max_length=50) == text


def test_a_text_is_composed_and_trimmed() -> None:
    assert parse_text("  Zoe\u0308 ", max_length=50) == "Zoë"


@pytest.mark.parametrize(
    "text",
    [
        "nul\0",
        "bell\a",
        "line\nfeed",
        "esc\x1b[31m",
        "\u202egnp.exe",
        "\u2066isolate",
        "zero\u200bwidth",
        "\u200d",
        "\u200c\u200d",
        "mi\u200dnt",
        "mi\u200cnt",
        "👩\u200d",
        "👩\u200d\u200d🚀",
        "👩\u200d ",
        "سلام\u200c\u202eها",
        "\ufe0f",
        "mi\ufe0fnt",
        "mi\ufe00nt",
        "mi\U000e0100nt",
        "❤\ufe05",
        "bom\ufeff",
        "soft\u00adhyphen",
        "blank\u3164",
        "half\ud800",
        "private\ue000",
        "line\u2028separator",
        "a" * 51,
        "x" * 1_000_000,
    ],
)
def test_what_hides_turns_or_breaks_a_page_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must"):
        parse_text(text, max_length=50)


@pytest.mark.parametrize("mark", ["\u0301", "\u0f73"])
def test_a_run_of_marks_that_is_slow_to_compose_is_refused(mark: str) -> None:
    assert len(parse_text("x" + 30 * "\u0301", max_length=50)) == 31
    with pytest.raises(ValueError, match="combining marks"):
        parse_text("x" + 31 * mark, max_length=50)


def test_lines_are_kept_where_they_are_wanted() -> None:
    assert parse_text("one\r\ntwo\rthree", max_length=50, lines=True) == "one\ntwo\nthree"


@given(st.text(max_size=80))
def test_a_text_that_is_taken_is_taken_again_unchanged(text: str) -> None:
    try:
        taken = parse_text(text, max_length=60, lines=True)
    except ValueError:
        return
    assert parse_text(taken, max_length=60, lines=True) == taken
    taken.encode()


@pytest.mark.parametrize(
    "link", ["https://market.example/me?x=1#y", "ipfs://bafy/1.png", "ar://id", "https://xn--bcher-kva.example:8443/"]
)
def test_a_link_to_elsewhere_is_taken(link: str) -> None:
    assert parse_link(link) == link


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "http://market.example/",
        "https:///path",
        "https://market.example@evil.example/",
        "//market.example",
        "https://market.example/ x",
        "https://market.example/\n",
        'https://market.example/"onload=',
        "https://bücher.example/",
        "https://[::1",
        "https://market.example:99999/",
        "https://market.example/" + "a" * 2048,
        "",
    ],
)
def test_a_link_that_runs_deceives_or_is_none_is_refused(link: str) -> None:
    with pytest.raises(ValueError, match="must"):
        parse_link(link)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("[Sign in](https://evil.example)", "`[Sign in](https://evil.example)`"),
        ("` ![](https://evil.example/x) `", "`' ![](https://evil.example/x) '`"),
        ("a\n\n# b\r\u2028- c", "`a # b - c`"),
    ],
)
def test_a_text_among_markdown_stays_what_it_is(text: str, shown: str) -> None:
    assert as_code(text) == shown


@pytest.mark.parametrize(
    "edge", ["\0", "\u200b", "\ufeff", "\u2060", "\u00a0", "\u3000", "\u00ad", "\u3164", "\x1f\x85", "\u202e"]
)
def test_what_shows_nothing_around_a_text_is_padding(edge: str) -> None:
    assert without_padding(f"{edge}{edge} a{edge}b {edge}") == f"a{edge}b"


@pytest.mark.parametrize(
    "text", ["\U0001f3f4\U000e0067\U000e0062\U000e007f", "\u2764\ufe0f", "\u0600", "e\u0301", "\ufffd"]
)
def test_what_shows_something_is_no_padding(text: str) -> None:
    assert without_padding(text) == text
