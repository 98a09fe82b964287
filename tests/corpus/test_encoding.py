import pytest


def reasons(problems):
    return [problem.reason for problem in problems]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b" \n\t\n", "is empty"),
        (b"\xef\xbb\xbf\n", "holds no words"),
        (b"...\n\xe2\x80\x8b", "holds no words"),
        (b"abc\x00def", "is a binary file, not text"),
        (b"%PDF-1.4 \x00", "is not text but a PDF file"),
        (b"\x89PNG\r\n\x1a\n", "is not text but a PNG picture"),
        (b"\xff\xfeA", "starts as UTF-16 text but is damaged"),
        (bytes(range(1, 32)) * 4, "is a binary file, not text"),
    ],
)
def test_file_that_is_no_text_is_refused_with_the_reason(read, data, reason):
    assert reasons(read("a.txt", data)[1]) == [reason]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "cp1252", "cp1251", "gb18030"])
def test_other_encodings_are_read_and_named(read, encoding):
    text = {
        "utf-16": "Geneva hosted the summit on Wednesday, he said.",
        "utf-16-le": "Geneva hosted the summit on Wednesday, he said.",
        "cp1252": "L’étrangère a signalé “la crise” à Genève — où déjà, señor, l’été durait.",
        "cp1251": "Президенты России и США встретились в Женеве в среду, шестнадцатого июня.",
        "gb18030": "两国总统星期三在日内瓦举行了首次面对面的会谈，讨论了战略稳定问题。",
    }[encoding]
    (article,), (note,) = read("a.txt", text.encode(encoding))
    assert article.text == text
    assert not note.skipped and note.reason.startswith("is not UTF-8; read as ")


@pytest.mark.parametrize("encoding", ["cp1250", "iso8859_2"])
@pytest.mark.parametrize(
    "text",
    [
        "Wójt gminy Żółć ogłosił wczoraj przetarg na budowę mostu w Świętej Górze.",
        "Starosta města Plzeň včera oznámil, že most přes řeku bude uzavřen do května.",
        "Župan je včeraj sporočil, da bo most zaprt do maja. Trajekt še vozi, je dejala.",
    ],
)
def test_central_european_text_is_not_western(read, text, encoding):
    (article,), _ = read("a.txt", text.encode(encoding))
    assert article.text == text


@pytest.mark.parametrize(
    "text",
    [
        "Statsministeren sagde i går, at broen først åbner til maj, og øen får støtte.",
        "Der Bürgermeister erklärte am Dienstag, die Brücke bleibe bis März gesperrt.",
        "Il sindaco ha detto che il ponte resterà chiuso perché è pericolante, più di così.",
        "The mayor said “it’s done” — the café owner paid £40,000 and €5 for the pier.",
    ],
)
def test_western_text_is_not_central_european(read, text):
    (article,), _ = read("a.txt", text.encode("cp1252"))
    assert article.text == text


def test_damaged_byte_is_marked_and_the_rest_is_read(read):
    (article,), (note,) = read("a.txt", "Ça va “bien” ici.".encode()[:-1] + b"\xff..")
    assert article.text == "Ça va “bien” ici\ufffd.."
    assert not note.skipped and note.reason.startswith("is UTF-8, damaged at byte 21; ")


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_carriage_returns_end_lines(read, name):
    (article,), _ = read(name, "Mill to close\r\rThe council of Brindle voted on it.\r")
    assert article.title == "Mill to close" and "\n\nThe council" in article.text
