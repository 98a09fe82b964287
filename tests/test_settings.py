import pytest

from qa_bot import Settings
from qa_bot.errors import ConfigError


def test_arguments_go_before_environment_before_file_before_defaults(tmp_path):
    (tmp_path / "qa-bot.toml").write_text('k = 3\nport = 1\nhost = "x"\n')
    environ = {"QA_BOT_K": "4", "QA_BOT_PORT": "2"}
    settings = Settings.load(environ, k=5)
    assert (settings.k, settings.port, settings.host, settings.hits_read) == (5, 2, "x", 8)


def test_argument_that_is_none_counts_as_not_given():
    assert Settings.load({}, k=None).k == 10


@pytest.mark.parametrize(
    ("environ", "message"),
    [
        ({"QA_BOT_K": "many"}, "The setting k is 'many', which is not a whole number. Correct it."),
        ({"QA_BOT_K": "0"}, "The setting k is 0, outside 1..200 passages. Correct it."),
        (
            {"QA_BOT_DENSE_WEIGHT": "2"},
            "The setting dense_weight is 2.0, outside 0.0..1.0. Correct it.",
        ),
    ],
)
def test_bad_value_names_the_setting_and_its_range(environ, message):
    with pytest.raises(ConfigError) as caught:
        Settings.load(environ)
    assert str(caught.value) == message


def test_unknown_name_lists_the_settings(tmp_path):
    (tmp_path / "qa-bot.toml").write_text("chunk = 3\n")
    with pytest.raises(ConfigError, match="There is no setting 'chunk'. Settings: index, embedder"):
        Settings.load({})


def test_file_that_is_no_toml_is_named(tmp_path):
    (tmp_path / "mine.toml").write_text("k = = 3")
    with pytest.raises(ConfigError, match=r"The settings file .*mine\.toml cannot be read"):
        Settings.load({"QA_BOT_SETTINGS": str(tmp_path / "mine.toml")})
