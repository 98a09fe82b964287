"""The bodies that clients send over HTTP, checked; what they have in common with ``QABot.ask``."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Name = Annotated[str, Field(max_length=1_000)]


class Narrowing(BaseModel):
    """The filters of ``QABot.ask``."""

    model_config = ConfigDict(extra="forbid")

    as_of: Name | None = Field(None, description="nothing published after this day: 2021-06-16")
    since: Name | None = Field(None, description="nothing published before this day")
    until: Name | None = Field(None, description="nothing published after this day")
    publisher: Name | None = Field(None, description="articles of this publisher only")
    articles: list[Name] = Field([], max_length=1_000, description="articles with these ids only")
    k: int | None = Field(None, ge=1, le=200, description="passages to retrieve")

    def filters(self) -> dict[str, Any]:
        """Return the arguments of ``QABot.ask`` that these are."""
        return {name: getattr(self, name) for name in Narrowing.model_fields}


class Asking(Narrowing):
    """The filters, and how the answer is to be made."""

    mode: Literal["quotes", "marked"] | None = Field(
        None,
        description="where a language model is set: quotes leaves it out, marked shows what "
        "nothing supports, marked",
    )

    def filters(self) -> dict[str, Any]:
        """Return the arguments of ``QABot.ask`` that these are."""
        return {**super().filters(), "mode": self.mode}


class Exchange(BaseModel):
    """An earlier turn of the conversation."""

    question: str = Field(max_length=100_000)
    answer: str = Field("", max_length=100_000)


class Ask(Asking):
    """A question, with what it is narrowed to and what went before."""

    question: str
    history: list[Exchange] = Field([], max_length=200)


class Search(Narrowing):
    """A query."""

    query: str


class Part(BaseModel):
    """A part of a message's content; text is read, other kinds are not."""

    model_config = ConfigDict(extra="allow")

    type: str = "text"
    text: str = ""


class Message(BaseModel):
    """A message of a conversation in the OpenAI form."""

    model_config = ConfigDict(extra="allow")

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[Part] | None = None

    def words(self) -> str:
        """Return the text of the message."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type == "text")
        return self.content or ""


class StreamOptions(BaseModel):
    """What a stream is to hold beside the text."""

    model_config = ConfigDict(extra="allow")

    include_usage: bool = False


class Completion(BaseModel):
    """A chat completion in the OpenAI form; what does not bear on answers is ignored."""

    model_config = ConfigDict(extra="allow")

    messages: list[Message] = Field(min_length=1, max_length=400)
    model: str = "qa-bot"
    stream: bool = False
    stream_options: StreamOptions | None = None
    n: int | None = Field(None, ge=1, le=1)
    qa_bot: Asking | None = Field(None, description="filters, as in /api/ask")


class Said(BaseModel):
    """A reader's word on an answer."""

    answer: dict[str, Any]
    verdict: Literal["good", "wrong_answer", "wrong_source", "should_have_declined"]
    comment: str = Field("", max_length=2_000)


class Export(BaseModel):
    """Answers to be written into a file."""

    answers: list[dict[str, Any]] = Field(min_length=1, max_length=200)
    form: Literal["markdown", "receipt"] = "markdown"
