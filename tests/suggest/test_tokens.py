"""A form has a signed token that is its own, and one receipt."""

import time
from pathlib import Path

import pytest

from justicegraph.suggest import tokens
from justicegraph.suggest.store import Store

SECRET = b"k" * 32
OLD_RECEIPT = "Aai-JTNdesCzlzd2PbbQy01PQBN2I_Zi-0-LD0EBvlo"
OLD_HASH = bytes.fromhex("cde9b2b4693729a334311a84b9ea43286701f42b8f21a7984de1a63d718c2b76")
"""A receipt and its hash as the first version made them."""


def test_token_is_for_its_form_only_and_leads_to_one_receipt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 1_000.9)
    token = tokens.sign_form(SECRET, "new/Person")
    assert tokens.signed_at(SECRET, "new/Person", token) == 1_000
    assert tokens.signed_at(SECRET, "new/Group", token) is None
    assert tokens.signed_at(b"x" * 32, "new/Person", token) is None
    receipt = tokens.receipt_of(SECRET, token)
    assert tokens.RECEIPT.fullmatch(receipt)
    assert receipt == tokens.receipt_of(SECRET, token) != tokens.receipt_of(b"x" * 32, token)
    assert receipt != tokens.receipt_of(SECRET, tokens.sign_form(SECRET, "new/Person"))


@pytest.mark.parametrize("place", [0, 25, -1])
def test_changed_token_is_not_accepted(place: int) -> None:
    token = tokens.sign_form(SECRET, "new/Person")
    letters = list(token)
    letters[place] = "A" if letters[place] != "A" else "Q"
    changed = "".join(letters)
    assert tokens.signed_at(SECRET, "new/Person", changed) is None


@pytest.mark.parametrize("token", ["", ".", "..", "1.x.y", "\ud800.a.b", "a" * 100_000, "1000.abc.\x00"])
def test_text_that_is_no_token_is_not_accepted(token: str) -> None:
    assert tokens.signed_at(SECRET, "new/Person", token) is None


def test_receipt_of_the_first_version_still_leads_to_its_suggestion(tmp_path: Path) -> None:
    store = Store(tmp_path / "suggestions.sqlite")
    store.add(OLD_HASH, "invented", b"content", 10)
    assert tokens.RECEIPT.fullmatch(OLD_RECEIPT)
    found = store.by_receipt(tokens.receipt_hash(OLD_RECEIPT))
    assert found is not None
    assert found.content == b"content"
