import re

import pytest


def pdf_bytes(text):
    stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    data, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    rows = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(data)
    data += b"xref\n0 6\n0000000000 65535 f \n" + rows
    return data + b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % start


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
