import re

import pytest

PAGE = (
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R "
    b"/Resources << /Font << /F1 3 0 R >> >> >>"
)


def pdf_bytes(*texts):
    """Return a PDF with a page for each text, or for each stream in bytes."""
    n = len(texts)
    kids = b" ".join(b"%d 0 R" % (4 + i) for i in range(n))
    streams = [
        text if isinstance(text, bytes) else f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode()
        for text in texts
    ]
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, n),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        *(PAGE % (4 + n + i) for i in range(n)),
        *(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(one), one) for one in streams),
    ]
    data, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    rows = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start, size = len(data), len(objects) + 1
    data += b"xref\n0 %d\n0000000000 65535 f \n" % size + rows
    return data + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (size, start)


def test_pdf_gives_its_text(read):
    (article,), problems = read("a.pdf", pdf_bytes("The ferry ran again on Wednesday."))
    assert article.text.strip() == "The ferry ran again on Wednesday."
    assert problems == []


def test_pdf_without_text_says_that_scans_are_not_read(read):
    assert "scanned" in read("a.pdf", pdf_bytes(""))[1][0].reason


def test_reading_a_pdf_runs_nothing_from_the_folder(read, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "json.py").write_text("open('hacked', 'w').close()")
    read("a.pdf", pdf_bytes("The ferry ran."))
    assert not (tmp_path / "hacked").exists()


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4", b"not a pdf", pdf_bytes("x")[:200]])
def test_broken_pdf_is_refused(read, data):
    articles, (problem,) = read("a.pdf", data)
    assert articles == []
    assert re.search("PDF|text|is empty", problem.reason)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b" \n", "is empty"),
        (b"<html><p>Rain.</p></html>", "is not a PDF, whatever its name says"),
        (b"%PDF-1.4 and no more", "is a damaged PDF"),
    ],
)
def test_reason_is_in_words(read, data, reason):
    assert read("a.pdf", data)[1][0].reason.startswith(reason)


def test_damaged_page_is_left_out_and_named(read):
    (article,), (problem,) = read("a.pdf", pdf_bytes("The ferry ran again.", b"BT <zz> Tj"))
    assert article.text == "The ferry ran again."
    assert (problem.reason, problem.skipped) == ("is damaged: left out page 2", False)
