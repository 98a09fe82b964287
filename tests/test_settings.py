import pytest

from qa_bot import Settings
from qa_bot.errors import ConfigError
from qa_bot.settings import SettingRow, secret_names, settings_table


@pytest.fixture
def environment(monkeypatch):
    """Set variables of the environment."""

    def setting(variables):
        for name, value in variables.items():
            monkeypatch.setenv(name, value)

    return setting


def test_arguments_go_before_environment_before_file_before_defaults(tmp_path, environment):
    (tmp_path / "qa-bot.toml").write_text('k = 3\nport = 1\nhost = "x"\n')
    environment({"QA_BOT_K": "4", "QA_BOT_PORT": "2"})
    settings = Settings.load(k=5)
    assert (settings.k, settings.port, settings.host, settings.hits_read) == (5, 2, "x", 8)


def test_argument_that_is_none_counts_as_not_given():
    assert Settings.load(k=None).k == 10


def test_empty_variable_counts_as_not_given(environment):
    environment({"QA_BOT_K": "", "QA_BOT_EMBEDDER": "", "QA_BOT_READER": ""})
    assert Settings.load() == Settings()


def test_settings_made_by_hand_read_no_environment(environment):
    environment({"QA_BOT_K": "4"})
    assert Settings().k == 10


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"QA_BOT_K": "many"}, "The setting k is 'many', which is not a whole number. Correct it."),
        ({"QA_BOT_K": "0"}, "The setting k is 0, outside 1..200 passages. Correct it."),
        (
            {"QA_BOT_DENSE_WEIGHT": "2"},
            "The setting dense_weight is 2.0, outside 0.0..1.0. Correct it.",
        ),
        (
            {"QA_BOT_DENSE_WEIGHT": "nan"},
            "The setting dense_weight is nan, outside 0.0..1.0. Correct it.",
        ),
        (
            {"QA_BOT_ANSWER_THRESHOLD": "1.5"},
            "The setting answer_threshold is 1.5, outside 0.0..1.0. Correct it.",
        ),
        (
            {"QA_BOT_UPLOADS": "on"},
            "The setting uploads is 'on'. Use session or shared or off.",
        ),
        (
            {"QA_BOT_READER": "huge"},
            "The setting reader is 'huge'. Use auto or large or small or none.",
        ),
    ],
)
def test_bad_value_names_the_setting_and_its_range(environment, variables, message):
    environment(variables)
    with pytest.raises(ConfigError) as caught:
        Settings.load()
    assert str(caught.value) == message
    assert f"QA_BOT_{caught.value.setting.upper()}" in variables


def test_unknown_name_lists_the_settings(tmp_path):
    (tmp_path / "qa-bot.toml").write_text("chunk = 3\n")
    with pytest.raises(ConfigError, match="There is no setting 'chunk'. Settings: index, embedder"):
        Settings.load()


@pytest.mark.parametrize("content", ["k = = 3", b"\xff", None], ids=["no TOML", "no UTF-8", "gone"])
def test_file_that_cannot_be_read_is_named(tmp_path, environment, content):
    path = tmp_path / "mine.toml"
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    environment({"QA_BOT_SETTINGS": str(path)})
    with pytest.raises(ConfigError, match=r"The settings file .*mine\.toml cannot be read"):
        Settings.load()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("chunk_tokens", "auto"),
        ("chunk_tokens", 0),
        ("chunk_overlap", "-1"),
        ("answer_threshold", -1.0),
        ("answer_threshold", "-0.5"),
        ("answer_threshold", ""),
        ("answer_threshold", None),
    ],
)
def test_auto_and_the_values_that_once_meant_it_are_none(name, value):
    assert getattr(Settings(**{name: value}), name) is None


def test_chunk_overlap_of_0_is_0():
    assert Settings(chunk_overlap=0).chunk_overlap == 0


def test_changes_are_checked():
    assert Settings(k=3).with_changes(port=1) == Settings(k=3, port=1)
    with pytest.raises(ConfigError, match="The setting k is 0"):
        Settings().with_changes(k=0)


def test_settings_can_be_compared_and_hashed_but_not_changed():
    assert {Settings(k=3): 1}[Settings(k=3)] == 1
    with pytest.raises(ValueError, match="frozen"):
        Settings().k = 3


def test_secrets_are_in_no_text():
    assert secret_names() == {"store", "milvus_token", "llm_api_key", "password"}
    settings = Settings(**dict.fromkeys(secret_names(), "s3cret"))
    assert "s3cret" not in repr(settings) + str(settings)
    with pytest.raises(ConfigError) as caught:
        Settings(password=["s3cret"])
    assert str(caught.value) == "The setting password is hidden, which is not text. Correct it."
    assert "s3cret" not in str(caught.value.__cause__)


def test_table_has_a_row_for_each_setting():
    rows = {row.name: row for row in settings_table()}
    assert rows["chunk_overlap"] == SettingRow(
        "chunk_overlap",
        "whole number",
        "auto",
        "sentences shared by neighbours; auto is what the index has, 1 for a new one",
        "0..5",
        "sentences",
    )
    assert rows["logs"].kind == "auto or json or off"
    assert all(row.doc for row in rows.values())
