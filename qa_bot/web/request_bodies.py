"""The bodies that clients send over HTTP, checked, and their arguments for ``QABot.ask``."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from qa_bot.web.answer_form import AnswerForm

Name = Annotated[str, Field(max_length=1_000)]
_TEXT_PARTS = frozenset(("text", "input_text", "output_text"))


class SearchFilters(BaseModel):
    """The filters of ``QABot.search``."""

    model_config = ConfigDict(extra="forbid")

    as_of: Name | None = Field(None, description="nothing published after this day: 2021-06-16")
    since: Name | None = Field(None, description="nothing published before this day")
    until: Name | None = Field(None, description="nothing published after this day")
    publisher: Name | None = Field(None, description="articles of this publisher only")
    articles: list[Name] = Field([], max_length=1_000, description="articles with these ids only")
    k: int | None = Field(None, ge=1, le=200, description="passages to retrieve")

    def filters(self) -> dict[str, Any]:
        """Return the filters as keyword arguments."""
        return {name: getattr(self, name) for name in SearchFilters.model_fields}


class AnswerOptions(SearchFilters):
    """The filters, and the way an answer is made."""

    mode: Literal["quotes", "marked"] | None = Field(
        None,
        description="where a language model is set: quotes leaves it out, marked shows what "
        "nothing supports, marked",
    )

    def filters(self) -> dict[str, Any]:
        """Return the filters and the mode as keyword arguments."""
        return {**super().filters(), "mode": self.mode}


class Exchange(BaseModel):
    """An earlier turn of the conversation."""

    question: str = Field(max_length=100_000)
    answer: str = Field("", max_length=100_000)


class Ask(AnswerOptions):
    """A question, with its filters and the earlier turns of its conversation."""

    question: str
    history: list[Exchange] = Field([], max_length=200)


class Search(SearchFilters):
    """A query."""

    query: str


class Part(BaseModel):
    """A part of a message's content; text is read, other kinds are not."""

    model_config = ConfigDict(extra="allow")

    type: str = "text"
    text: str | None = None


class Message(BaseModel):
    """A message of a conversation in the OpenAI form."""

    model_config = ConfigDict(extra="allow")

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Part] | None = None

    def words(self) -> str:
        """Return the text of the message."""
        if isinstance(self.content, list):
            return "\n".join(p.text or "" for p in self.content if p.type in _TEXT_PARTS)
        return self.content or ""


class StreamOptions(BaseModel):
    """The parts of a stream besides its text."""

    model_config = ConfigDict(extra="allow")

    include_usage: bool | None = None


class Generation(BaseModel):
    """What both OpenAI forms share; sampling parameters do not affect answers and are ignored."""

    model_config = ConfigDict(extra="allow")

    model: str | None = None
    stream: bool | None = None
    tool_choice: str | dict[str, Any] | None = None
    qa_bot: AnswerOptions | None = Field(None, description="filters, as in /api/ask")

    def forces_tool(self) -> bool:
        """Return whether the model must call a tool, which qa-bot never does."""
        return self.tool_choice == "required" or isinstance(self.tool_choice, dict)

    def filters(self) -> dict[str, Any]:
        """Return the filters and the mode as keyword arguments."""
        return self.qa_bot.filters() if self.qa_bot else {}


class Completion(Generation):
    """A chat completion in the OpenAI form."""

    messages: list[Message] = Field(min_length=1, max_length=400)
    stream_options: StreamOptions | None = None
    n: int | None = Field(None, ge=1, le=1)
    max_tokens: int | None = Field(None, ge=1)
    max_completion_tokens: int | None = Field(None, ge=1)
    stop: str | list[str] | None = Field(None, max_length=1_000)
    response_format: dict[str, Any] | None = None

    @property
    def longest(self) -> int | None:
        """Return the most tokens of the text, if there is a limit."""
        return self.max_completion_tokens or self.max_tokens

    @property
    def stops(self) -> list[str]:
        """Return the texts before which the answer ends."""
        stops = [self.stop] if isinstance(self.stop, str) else self.stop or []
        return [stop for stop in stops if stop]


class ResponseRequest(Generation):
    """A response in the newer OpenAI form; text only."""

    input: str | list[Message] = Field(max_length=100_000)
    max_output_tokens: int | None = Field(None, ge=1)
    text: dict[str, Any] | None = None
    previous_response_id: str | None = None

    def messages(self) -> list[Message]:
        """Return the input as messages."""
        if isinstance(self.input, str):
            return [Message(role="user", content=self.input)]
        return self.input


class Feedback(BaseModel):
    """A reader's verdict on an answer."""

    answer: AnswerForm
    verdict: Literal["good", "wrong_answer", "wrong_source", "should_have_declined"]
    comment: str = Field("", max_length=2_000)


class Address(BaseModel):
    """A page, a feed or a sitemap to add."""

    address: str = Field(min_length=1, max_length=2_000)


class Follow(BaseModel):
    """A question to be asked again when articles come."""

    question: str = Field(min_length=1, max_length=10_000)


class Export(BaseModel):
    """Answers to be written into a file."""

    answers: list[AnswerForm] = Field(min_length=1, max_length=200)
    form: Literal["markdown", "receipt"] = "markdown"
