"""Lines of a rule to the Python source that makes their postings.

Stock roles can only be posted from moves, so that every stock posting carries its quantity; postings of roles that are
kept by partner carry partner and document.
"""

from __future__ import annotations

from collections.abc import Callable

from beanstock.expressions.compiler import Scope
from beanstock.expressions.types import is_amount, said
from beanstock.problems import Place, Problem, problem, suggest
from beanstock.records.kinds import Kind
from beanstock.rulebook.accounts import DATE, PARTNER, STOCK, AccountFault, Accounts
from beanstock.rulebook.names import ROOTS, is_account
from beanstock.rulebook.runtime import Resolver
from beanstock.rulebook.scopes import DocumentScope
from beanstock.rulebook.sources import Sources
from beanstock.rulebook.splits import Shares
from beanstock.rulebook.vouchers import MERGE_KEYS, RuleLine

# elements that have a line, and its source; elements that have a partner
_WITH_LINE = {
    "line": "line",
    "move": "move.line",
    "correction": "correction.line",
    "accrual": "accrual.line",
    "transit": "transit.line",
    "share": "share.line",
    "late": "late.line",
    "estimate": "estimate.line",
    "cost": "cost.line",
}
_WITH_PARTNER = ("settlement", "prepayment", "held")
_CHOSEN = ("settlement", "late", "correction", "held")  # elements whose role the program chooses, not a cell
# amounts that have a counterpart in the document's own currency, and its source
_FOREIGN = {
    "gross": "d.foreign",
    "advance": "d.advance_foreign",
    "banked": "d.banked_foreign",
    "reopened": "d.reopened_foreign",
    "line.amount": "line.foreign",
    "line.debit": "line.foreign",
    "settlement.amount": "settlement.foreign",
    "prepayment.relieved": "prepayment.foreign",
}
_DAY = "d.date.isoformat()"


class PostingWriter(Sources):
    """Writes the source of a rule's postings; `names` collects the look-ups that it uses."""

    def __init__(
        self,
        accounts: Accounts,
        kind: Kind,
        scope: DocumentScope,
        names: dict[str, object],
        *,
        storno: bool,
        used: Callable[[Place], None] | None = None,
    ) -> None:
        self.found: list[Problem] = []
        super().__init__(self.found)
        self.accounts = accounts
        self.kind = kind
        self.scope = scope
        self.names = names
        self.storno = storno
        self.used = used  # hears of each line that posts, for `rules coverage`

    def line(self, line: RuleLine, position: str) -> list[str]:
        """The statements of one line, one indentation deep."""
        scope: Scope = self.scope
        word = ""
        head: list[str] = []
        pad = "    "
        if line.each:
            inside = self.scope.element(line.each)
            if inside is None:
                self.bad(line.each_place, f"`{line.each}` is no collection", suggest(line.each, self.scope.collections))
                return []
            word, scope = inside
            head.append(f"{pad}for {word} in d.{line.each}:")
            pad += "    "
        if line.condition:
            head.append(f"{pad}if {self.value(line.condition, scope)}:")
            pad += "    "
        amount = self.amount(line, scope)
        if not line.parts:
            signed = amount if line.side == "dr" else f"-{amount}"
            return [*head, *(pad + one for one in self._posted(line, signed, scope, word, position))]
        shares = Shares(self, line.parts, line.place)
        head += [pad + one for one in shares.source(amount, scope)]
        for index, part in enumerate(line.parts):
            if self.accounts.controlled.get(part.account.value) == STOCK:
                self.bad(
                    part.place, f"the stock role `{part.account.value}` cannot be part of a split: a move is whole"
                )
            signed = f"share{index}" if part.side == "dr" else f"-share{index}"
            head += [pad + one for one in self._posted(part, signed, scope, word, f"{position}_{index}")]
        return head

    def amount(self, line: RuleLine, scope: Scope) -> str:
        """Source of a line's amount, rounded where it is not yet."""
        assert line.amount is not None
        name = self.compiled(line.amount, scope)
        if not is_amount(name.type):
            self.bad(line.amount.place, f"`{line.amount.value}` is {said(name.type)}, an amount of money is needed")
        return name.code if name.type in ("money", "zero") else f"({name.code}).quantize(UNIT, ROUND_HALF_UP)"

    def _posted(self, line: RuleLine, amount: str, scope: Scope, word: str, position: str) -> list[str]:
        """One posting of a signed amount: nothing where it is zero, but on stock."""
        head = [f"amount = {amount}"]
        pad = ""
        account, role = self.account(line, scope, word, position)
        control = self.accounts.controlled.get(role, "") if role else ""
        if control == STOCK:
            if word not in ("move", "correction", "estimate"):
                self.bad(line.place, f"the stock role `{role}` is posted with `each: moves`, so that quantities follow")
            if line.merge:
                self.bad(line.place, "stock postings are not merged: each carries its own quantity")
        else:
            head.append("if amount:")
            pad = "    "
        if self.used is not None:
            self.names["USED"] = self.used
            self.names[f"PLACE{position}"] = line.place
            head.append(f"{pad}USED(PLACE{position})")
        return [*head, *(pad + one for one in [*account, *self._made(line, scope, word, position, role, control)])]

    def _made(self, line: RuleLine, scope: Scope, word: str, position: str, role: str, control: str) -> list[str]:
        """Making the posting, or adding to the one it merges with."""
        for key in line.merge:
            if key not in MERGE_KEYS:
                self.bad(line.place, f"`merge` knows {', '.join(MERGE_KEYS)}", suggest(key, MERGE_KEYS))
        item = f"({word}.item.code if {word}.item else '')" if word in _WITH_LINE else "''"
        keeps_item = not line.merge or "item" in line.merge
        meta = [f"dimensions({_WITH_LINE[word]})"] if word in _WITH_LINE else []
        meta += [f"tuple({self.meta(line.meta, scope)})"] if line.meta else []
        document = self._document(line, scope, word)
        made = ["p = Posting(account, role, amount)"]
        if keeps_item and word in ("line", "move", "correction", "cost"):
            made.append(f"p.item = {item}")
        if self.storno:
            made.append(f"if amount {'<' if line.side == 'dr' else '>'} ZERO: p.side = {line.side!r}")
        if control == STOCK and word in ("move", "correction"):
            made += [f"p.qty = {word}.qty", f"p.lot = {word}.lot"]
            made.append(f"if {word}.warehouse.code != 'main': p.warehouse = {word}.warehouse.code")
        if control == STOCK and word == "estimate":  # the ledger alone: stock and its value stay as they are
            made.append("p.document = estimate.document")
        made += self._partner(line, scope, word, role, control, document)
        if meta:
            made.append(f"p.meta = {' + '.join(meta)}")
        made += self._foreign(line, word)
        made.append("postings.append(p)")
        if not line.merge:
            return made
        kept = [item if keeps_item else "''", " + ".join(meta) or "()", document if control == PARTNER else "''"]
        if "partner" in line.merge:
            kept.append(self._partner_of(word))
        if "warehouse" in line.merge:
            warehouse = scope.resolve(("warehouse", "code"))
            kept.append(warehouse.code if warehouse else "''")
        head = [
            f"key = ({position!r}, account, {', '.join(kept)})",
            "if key in merged:",
            "    merged[key].amount += amount",
            "else:",
        ]
        return [*head, *(f"    {part}" for part in [*made, "merged[key] = p"])]

    def _foreign(self, line: RuleLine, word: str) -> list[str]:
        """Source that notes what the amount is in the document's own currency, where that is foreign."""
        foreign, currency = _FOREIGN.get(line.amount.value if line.amount else "", ""), self._currency(word)
        if not foreign or not currency or line.merge:
            return []
        sign = "" if line.side == "dr" else "-"
        return [f"if {foreign} is not None: p.meta += (('foreign', f'{{{sign}{foreign}:f}} {{{currency}}}'),)"]

    def _currency(self, word: str) -> str:
        """Source of the currency that a foreign amount is in; nothing in kinds that know none."""
        if "currency" in self.kind.header:
            return "d.currency"
        if "currency" in self.kind.lines and word == "line":
            return '(line.extra or EMPTY).get("currency")'
        return "settlement.currency" if word == "settlement" else ""

    def _document(self, line: RuleLine, scope: Scope, word: str) -> str:
        """Source of the document that a partner posting is kept by."""
        if line.document:
            return self.value(line.document, scope, frozenset({"text"}), "a document's name")
        if word in ("settlement", "accrual", "transit", "estimate", "held"):
            return f"{word}.document"
        return "document_of(d, line)" if word == "line" else "d.reference"

    @staticmethod
    def _partner_of(word: str) -> str:
        if word == "line":
            return "line.partner or d.partner"
        if word == "estimate":
            return "estimate.line.document.partner"
        return f"{word}.partner" if word in _WITH_PARTNER else "d.partner"

    def _partner(self, line: RuleLine, scope: Scope, word: str, role: str, control: str, document: str) -> list[str]:
        """Source that keeps a posting by partner and document, where its role wants that."""
        partner = self._partner_of(word)
        kept = [f"partner = {partner} or without_partner(role)", "p.partner = partner.code", f"p.document = {document}"]
        if control == PARTNER:
            return kept + (
                [f"p.due = {self.value(line.due, scope, frozenset({'date'}), 'a date')}"] if line.due else []
            )
        if line.due:
            self.bad(line.place, "`due` belongs to roles that are kept by partner")
        if role:
            return []
        # the cell of a record decides
        due = "(line.extra or EMPTY).get('due')" if word == "line" and "due" in self.kind.lines else "d.due"
        return [f"if CONTROLLED.get(role) == {PARTNER!r}:", *(f"    {part}" for part in [*kept, f"p.due = {due}"])]

    def account(self, line: RuleLine, scope: Scope, word: str, position: str) -> tuple[list[str], str]:
        """Source that sets `account` and `role`, and the role's name where the rule itself names one."""
        target = line.account.value
        if target in self.accounts.roles:
            by = self.accounts.roles[target].by
            if not by:
                try:
                    account, role = self.accounts.resolve(target, {})
                except AccountFault as fault:  # a table without rows, or with two alike
                    self.problems.append(problem(fault.code, line.account.place, **fault.facts))
                    return ["account = role = ''"], "unknown"
                return [f"account = {account!r}", f"role = {role!r}"], target
            keys = []
            for column in by:
                name = scope.resolve(tuple(column.split(".")))
                keys.append(_DAY if column == DATE else name.code if name is not None else "''")
            resolver = f"R{position}"
            self.names[resolver] = Resolver(self.accounts, target)
            return [f"account, role = {resolver}[{''.join(key + ', ' for key in keys)}]"], target
        if ":" in target:
            if not is_account(target):
                self.problems.append(
                    problem("bad-account-name", line.account.place, account=target, roots=", ".join(ROOTS))
                )
            role = self.accounts.role_of_account(target)
            return [f"account = {target!r}", f"role = {role!r}"], role
        found = scope.resolve(tuple(target.split(".")))
        if found is not None and found.type == "account":
            partner = "(line.partner or d.partner)" if word == "line" else "d.partner"
            day = _DAY if self.accounts.dated else "''"
            item = f"{word}.item" if word in _WITH_LINE else "None"
            resolver = "CHOSEN" if word in _CHOSEN else "CELL"
            return [f"account, role = {resolver}[{found.code}, {partner}.code if {partner} else '', {item}, {day}]"], ""
        known = [*self.accounts.roles, *(name for name in scope.names() if name.endswith("account"))]
        self.problems.append(
            problem("unknown-role", line.account.place, role=target, suggestion=suggest(target, known))
        )
        return ["account = role = ''"], "unknown"
