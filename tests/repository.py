"""A books folder that is a real git repository, and people who commit to it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from conftest import Company, Result

ALICE, BOB = "Alice", "Bob"
ENVIRONMENT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_AUTHOR_DATE": "2026-02-03T10:00:00Z",
    "GIT_COMMITTER_DATE": "2026-02-03T10:00:00Z",
    "SOURCE_DATE_EPOCH": "1770112800",  # 2026-02-03T10:00:00Z
}


class Repository(Company):
    """A company whose folder is a repository; `who` is at the keyboard."""

    def begin(self, monkeypatch: pytest.MonkeyPatch) -> Repository:
        for name, value in ENVIRONMENT.items():
            monkeypatch.setenv(name, value)
        self.write(".gitignore", ".beanstock/\n")
        self.git("init", "--quiet", "--initial-branch", "main")
        return self.who(ALICE)

    def who(self, name: str) -> Repository:
        self.git("config", "user.name", name)
        self.git("config", "user.email", f"{name.lower()}@example.org")
        return self

    def git(self, *arguments: str, fails: bool = False) -> str:
        done = subprocess.run(["git", *arguments], cwd=self.folder, capture_output=True, text=True, check=False)
        assert bool(done.returncode) == fails, done.stdout + done.stderr
        return done.stdout

    def commit(self, message: str = "work") -> Repository:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)
        return self

    def records(self, **kinds: str) -> Repository:
        super().records(**kinds)
        return self

    def posted(self, message: str = "work") -> Repository:
        self.post()
        return self.commit(message)

    def ok(self, *arguments: str) -> Result:
        result = self.run(*arguments)
        assert result.code == 0, result.out + result.err
        return result

    def refused(self, *arguments: str) -> str:
        result = self.run(*arguments)
        assert result.code == 1, result.out + result.err
        return result.err


def repository(folder: Path, monkeypatch: pytest.MonkeyPatch, **settings: str) -> Repository:
    """A new repository of books with the shared masters."""
    return Repository(folder, settings).begin(monkeypatch)
