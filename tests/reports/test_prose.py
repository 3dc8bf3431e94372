import re
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from reports import prose

WORD = """<html xmlns:o="urn:x"><head><style>p.MsoNormal {margin:0}</style></head><body><!--StartFragment-->
<p class=MsoNormal style='mso-x:1'><b><span lang=VI>Kết quả </span></b>năm&nbsp;2023: tỷ lệ &lt; 2%<o:p></o:p></p>
<p class=MsoListParagraph><![if !supportLists]><span>·<span>&nbsp;&nbsp; </span></span><![endif]>Giảm 309 hộ</p>
<ol><li>Một</li><li><b>Hai</b></li></ol>
<table><tr><td><p>Hải Châu</p></td><td><p>309</p></td></tr></table><script>alert(1)</script><!--EndFragment--></body></html>"""


def test_what_word_puts_on_the_clipboard_is_cleaned_and_no_word_is_lost():
    assert prose.clean(WORD).split("\n") == [
        "**Kết quả** năm 2023: tỷ lệ < 2%",
        "- Giảm 309 hộ",
        "1. Một",
        "2. **Hai**",
        "Hải Châu | 309",
    ]


def test_typed_text_is_not_taken_for_markup():
    assert prose.clean("Tỷ lệ < 2% và a<b, c>d") == "Tỷ lệ < 2% và a<b, c>d"
    assert prose.clean("• một\r\n– hai\n\n\n\n ba ") == "- một\n- hai\n\nba"


def test_a_fragment_of_the_clipboard_is_markup_for_certain():
    assert prose.pasted("Có <b>đậm</b>") == "Có **đậm**"


def test_it_is_drawn_as_paragraphs_lists_and_bold_and_nothing_else():
    drawn = prose.markup("Mở **đậm** <script>\n- một\n- **hai**\nhết", ("một",))
    assert drawn == (
        "<p>Mở <b>đậm</b> &lt;script&gt;</p><ul><li><mark>một</mark></li><li><b>hai</b></li></ul><p>hết</p>"
    )


def test_documents_get_runs():
    block, item = prose.blocks("a **b** c\n- d")
    assert [(run.text, run.bold) for run in block.runs] == [("a ", False), ("b", True), (" c", False)]
    assert (item.text, item.item) == ("d", True)


class _Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen = set()

    def handle_starttag(self, tag, attrs):
        self.seen.add((tag, bool(attrs)))


@given(st.text(max_size=200))
def test_nothing_typed_becomes_a_tag_of_its_own(text):
    reader = _Tags()
    reader.feed(prose.markup(prose.clean(text)))
    assert reader.seen <= {(tag, False) for tag in ("p", "ul", "li", "b")}


@given(st.lists(st.text(alphabet="aăâđêôơưAĐ1239", min_size=1, max_size=6), min_size=1, max_size=12), st.data())
def test_every_word_of_pasted_markup_is_kept(words, data):
    tags = st.sampled_from(["p", "div", "b", "li", "td", "span", "h2"])
    pasted = " ".join(f"<{tag}>{word}</{tag}>" for word in words if (tag := data.draw(tags)))
    kept = re.sub(r"[*|]|^- ", " ", prose.clean(f"<p>{pasted}</p>"), flags=re.M)
    assert "".join(kept.split()) == "".join(words)


def test_cleaning_what_is_clean_changes_nothing():
    once = prose.clean(WORD)
    assert prose.clean(once) == once
