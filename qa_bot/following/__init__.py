"""Questions that are asked again when articles come, and what changed in their answers."""

from __future__ import annotations

from qa_bot.following.changes import Change, KeptAnswer
from qa_bot.following.feed import to_atom
from qa_bot.following.questions import Followed, FollowedQuestions
from qa_bot.following.webhook import post_changes

__all__ = ["Change", "Followed", "FollowedQuestions", "KeptAnswer", "post_changes", "to_atom"]
