"""Random demands of every kind, and the chance and the days they and the records are drawn with."""

from __future__ import annotations

from datetime import date
from random import Random

from oracle.days import UNITS, Data
from oracle.evidence import as_list

TYPES = ("支委会", "党员大会", "党课", "主题党日", "集中学习", "党小组会")
NAMES = ("张三", "李四", "王五", "赵六", "周七")
FIRST, LAST = date(1900, 1, 1), date(2100, 12, 31)


class Demands:
    """Demands drawn by one generator around one year; ``crowd`` are days where something begins or ends."""

    rng: Random
    year: int
    reach: tuple[date, date]
    crowd: list[date]

    # Chance and days

    def chance(self, share: float) -> bool:
        """True so often."""
        return self.rng.random() < share

    def some(self, **fields: object) -> Data:
        """Each of the fields now and then; a field that is a function is drawn."""
        return {name: value() if callable(value) else value for name, value in fields.items() if self.chance(0.35)}

    def day(self) -> str:
        """A written day: near an edge more often than not."""
        if self.chance(0.6):
            near = self.rng.choice(self.crowd).toordinal() + self.rng.choice((0, 0, 0, -1, 1))
            return min(max(date.fromordinal(near), FIRST), LAST).isoformat()
        return date.fromordinal(self.rng.randint(self.reach[0].toordinal(), self.reach[1].toordinal())).isoformat()

    def two_days(self) -> list[str]:
        """Two days in order."""
        return sorted([self.day(), self.day()])

    # Rules

    def rule(self, number: int) -> Data:
        """One demand of a random kind."""
        makers = (self._frequency, self._frequency, self._frequency, self._interval, self._presence, self._presence,
                  self._limit, self._limit, self._share, self._term, self._fixed_day, self._each_entry,
                  self._procedure)  # fmt: skip
        rule = self.rng.choice(makers)()
        rule["id"] = f"T-{number}"
        source = {}
        if self.chance(0.12):
            source["from"] = self.day()
        if self.chance(0.08):
            source["to"] = max(self.day(), source.get("from", ""))
        rule["source"] = source
        if self.chance(0.1):
            rule["strength"] = self.rng.choice(("should", "may"))
        if self.chance(0.08):
            rule["judgement"] = "质量如何"
        if self.chance(0.3):
            rule["applies_when"] = self._condition()
        return rule

    def _condition(self) -> Data:
        yes = self.chance(0.5)
        return self.rng.choice((
            {"branch.type": self.rng.choice(("教师", ["教师", "村"]))}, {"branch.type.not": ["学生"]},
            {"branch.has_committee": yes}, {"branch.has_groups": yes}, {"branch.had_groups": yes},
            {"branch.joint": yes}, {"branch.dispersed": yes}, {"formal_members": self._bounds(4)},
            {"members": self._bounds(4)}, {"committee_size": self._bounds(2)}, {"notices": ["警示教育"]},
        ))  # fmt: skip

    def _bounds(self, most: int) -> Data:
        n = self.rng.randint(0, most)
        return self.rng.choice(({"min": n}, {"min": max(n, 1)}, {"min": 1}, {"over": n}, {"max": n}, {"under": n + 1},
                                {"min": 1, "max": n + 1}))  # fmt: skip

    def _dated_bounds(self) -> Data:
        if self.chance(0.85):
            return self._bounds(3)
        return {"min": {"values": {f"{max(self.year - 5, 1900)}-01-01": 1, self.day(): 2}}}

    def _type(self) -> object:
        picked = self.rng.sample(TYPES[:5], self.rng.choice((1, 1, 1, 2)))
        return picked[0] if len(picked) == 1 else picked

    def _select(self) -> Data:
        roll = self.rng.random()
        if roll < 0.5:
            return {"type": self._type()}
        if roll < 0.6:
            return {"type": self._type(), "not_type": self.rng.choice(TYPES[:5])}
        if roll < 0.75:
            return {"type": self._type(), "tags": self.rng.choice(("两学一做", ["党章", "业务"]))}
        if roll < 0.85:
            return {"type": "党课", "lecturer": self.rng.choice(("书记", "委员", "副书记"))}
        return self.rng.choice(({"in": "talks"}, {"in": "discipline", "kind": "党纪"}, {"in": "discipline"}))

    def _frequency(self) -> Data:
        unit = self.rng.choice(UNITS)
        check: Data = {"kind": "frequency", "select": self._select(), "per": unit} | self._dated_bounds()
        roll = self.rng.random()
        if roll < 0.12:
            return {"for_each": {"in": "groups"}, "check": check | {"select": self._of_groups()}}
        if roll < 0.28:
            each = {"in": "members"} | self.rng.choice(({}, {}, {"status": "正式"}, {"leading_cadre": True}))
            select = self.rng.choice(({"type": self._type()}, {"in": "talks", "by": "between"}))
            return {"for_each": each, "check": check | {"select": select}}
        if roll < 0.36:
            return {"check": check | {"select": {"type": self._type()}, "sum": "hours"}}
        if roll < 0.44:
            return {"check": check | {"select": {"type": self._type()}, "distinct": "topic"}}
        if roll < 0.54:
            grace = {
                "select": {"type": self.rng.choice(TYPES[:5])},
                "per": "year",
                "grace_months": self.rng.choice((1, 2, 3)),
            }
            return {"check": check | grace}
        return {"check": check}

    def _of_groups(self) -> Data:
        return self.rng.choice(({"type": "党小组会"}, {"type": ["集中学习", "党小组会"], "by": "group_or_branch"}))

    def _interval(self) -> Data:
        select = self.rng.choice(({"type": self._type()}, {"type": self._type()}, {"in": "talks"}))
        if "type" in select and self.chance(0.3):
            select["tags"] = self.rng.choice(("两学一做", ["党章", "业务"]))
        return {"check": {"kind": "interval", "select": select, "months": self.rng.choice((1, 2, 3, 6, 12))}}

    def _presence(self) -> Data:
        roll = self.rng.random()
        if roll < 0.3:
            return {"check": {"kind": "presence", "select": self._select(), "per": self.rng.choice(UNITS)}}
        if roll < 0.45:
            return {"check": {"kind": "presence", "select": {"in": "plans", "kind": "实施方案"}, "per": "year"}}
        if roll < 0.6:
            return {"check": {"kind": "presence", "select": {"type": self._type()}}}
        if roll < 0.7:
            return {"check": {"kind": "presence", "select": {"in": "documents", "kind": "设置批复"}}}
        if roll < 0.8:
            return {"check": {"kind": "presence", "field": "branch.venue.fixed"}}
        if roll < 0.85:
            return {
                "check": {"kind": "presence", "field": "branch.type", "one_of": ["教师"]}
                | self.some(otherwise="manual")
            }
        return {
            "check": {
                "kind": "presence",
                "posts": self.rng.sample(("书记", "副书记", "组织委员", "委员"), self.rng.randint(1, 2)),
            }
        }

    def _limit(self) -> Data:
        if self.chance(0.5):
            names = ("members", "formal_members", "probationary_members", "groups", "committee_size", "secretaries",
                     "deputies", "joint_units", "largest_joint_unit")  # fmt: skip
            return {"check": {"kind": "limit", "of": self.rng.choice(names)} | self._bounds(3)}
        count: Data = {"count": self.rng.choice(({"in": "discipline"}, {"type": self._type()}, {"in": "talks"}))}
        if "in" in count["count"] and count["count"]["in"] == "discipline" and self.chance(0.6):
            count["distinct"] = ["name", "matter"]
        return {"check": {"kind": "limit", "per": self.rng.choice(UNITS)} | count | self._bounds(2)}

    def _share(self) -> Data:
        bound = self.rng.choice(({"min": "1/2"}, {"min": "1/3"}, {"over": "1/2"}, {"max": "2/3"}, {"under": 1}))
        if self.chance(0.25):
            return {"check": {"kind": "share", "part": "formal_members", "whole": "members"} | bound}
        kind = self._type()
        whole = {"type": kind}
        part = self.rng.choice((whole | {"tags": "两学一做"}, whole | {"tags": "两学一做"}, {"type": "党课"}))
        return {"check": {"kind": "share", "part": part, "whole": whole, "per": self.rng.choice(UNITS)} | bound}

    def _term(self) -> Data:
        check: Data = {"kind": "term"} | self.some(by_type={"村": 5, "教师": 2})
        if self.chance(0.8):
            check["years"] = self.rng.choice((
                3,
                3,
                2,
                {"values": {f"{max(self.year - 4, 1900)}-01-01": 3, f"{max(self.year - 2, 1900)}-06-15": 2}},
            ))
        return {"check": check}

    def _fixed_day(self) -> Data:
        check: Data = {"kind": "fixed_day", "select": {"type": "主题党日"}}
        roll = self.rng.random()
        if roll < 0.2:
            check["day"] = self.rng.choice((1, 5, 28))
        elif roll < 0.4:
            check["slots"] = [{"weekday": "周一", "after": "18:00"}, {"weekday": "周六"}]
        if "slots" not in check and self.chance(0.4):
            check["tolerance"] = self.rng.choice((0, 1, 3, 7))
        return {"check": check | self.some(shift=[])}

    def _each_entry(self) -> Data:
        bound = self.rng.choice(({"min": "1/2"}, {"over": "1/2"}, {"min": 1}, {"max": "2/3"}))
        whole = self.rng.choice(("attendance.expected", "attendance.expected", "members", "formal_members"))
        check = {"kind": "share", "part": "attendance.present", "whole": whole} | bound
        return {"for_each": {"in": "entries", "select": {"type": self.rng.choice(TYPES[:5])}}, "check": check}

    def _procedure(self) -> Data:
        fields = [("承诺", "date"), ("公示", "published"), ("兑现", "fulfilled")]
        steps = [{"name": name, "field": field} for name, field in fields[: self.rng.choice((2, 3))]]
        check: Data = {"kind": "procedure", "steps": steps} | self.some(order=False, may_run=True, within_for=True)
        if self.chance(0.5):
            first, last = self.rng.sample(steps, 2)
            length = self.rng.choice((
                {"days": self.rng.choice((0, 1, 10, 30))},
                {"months": self.rng.choice((1, 3, 6))},
            ))
            which = self.rng.choice(("at_least", "at_most"))
            check["between"] = [{"from": first["name"], "to": last["name"], which: length}]
        return {"for_each": {"in": "entries", "select": {"in": "commitments"}}, "check": check}


def types_in(rule: Data) -> list[str]:
    """The activity types a rule speaks of, so that records hold some of them."""
    check, found = rule["check"], []
    for select in (check.get("select"), check.get("count"), check.get("part"), check.get("whole"),
                   rule.get("for_each", {}).get("select")):  # fmt: skip
        if isinstance(select, dict):
            found += as_list(select.get("type"))
    return found
