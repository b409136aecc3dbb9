"""Random records, calendars, standards, periods and audit days, crowded where windows begin and end."""

from __future__ import annotations

from datetime import date
from random import Random

from oracle.days import Data, walk
from oracle.demands import FIRST, LAST, NAMES, TYPES, Demands, types_in
from oracle.evidence import as_list

SPELLED = {"支委会": ["支委会", "支部委员会会议"], "党课": ["党课", "微党课"], "主题党日": ["主题党日", "党日活动"],
           "集中学习": ["集中学习", "政治学习"]}  # fmt: skip
USUAL_YEARS = (2024, 2024, 2023, 2023, 2020, 2000, 2016, 2025)
EDGE_YEARS = (1900, 1901, 1904, 2099, 2100)
EDGES = ("01-01", "01-31", "02-01", "02-28", "03-01", "03-31", "04-01", "04-30", "05-31", "06-30", "07-01", "07-31",
         "08-01", "09-30", "10-01", "11-30", "12-31")  # fmt: skip


class Case(Demands):
    """One random case, drawn from its own generator so that a seed names it."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.year = rng.choice(EDGE_YEARS if rng.random() < 0.04 else USUAL_YEARS)
        self.reach = (max(FIRST, date(self.year - 1, 9, 1)), min(LAST, date(self.year + 1, 3, 31)))
        self.crowd = [date.fromisoformat(f"{self.year}-{edge}") for edge in EDGES]
        self.crowd += [
            d for y in (self.year - 1, self.year + 1) for d in (date(y, 12, 31), date(y, 1, 31), date(y, 2, 28))
        ]
        self.period = self._period()
        self.as_of = self._as_of()
        self.crowd += [
            self.period[0],
            self.period[1],
            self.as_of,
            self.as_of,
            date.fromordinal(self.as_of.toordinal() + 1),
        ]
        self.coverage = self._coverage() if self.chance(0.6) else None
        self.rules = [self.rule(n) for n in range(1, rng.choice((1, 1, 1, 2, 2, 3)) + 1)]
        self.record = self._record()

    def _end(self, name: str, start: str | None) -> Data:
        """The day on which something ends, if it is later than its start."""
        last = self.day()
        return {name: last} if start is None or start < last else {}

    def _period(self) -> tuple[date, date]:
        year, roll = self.year, self.rng.random()
        if roll < 0.35:
            return date(year, 1, 1), date(year, 12, 31)
        if roll < 0.5:
            return date(year, 1, 1), date(year, 6, 30)
        if roll < 0.6 and year < 2100:
            return date(year, 2, 15), date(year + 1, 1, 31)
        first, last = self.two_days()
        return date.fromisoformat(first), date.fromisoformat(last)

    def _as_of(self) -> date:
        roll = self.rng.random()
        return (
            self.period[1]
            if roll < 0.4
            else self.rng.choice(walk(*self.period))
            if roll < 0.75
            else date.fromisoformat(self.day())
        )

    def _coverage(self) -> list[Data]:
        claims: list[Data] = []
        for _ in range(self.rng.choice((1, 1, 2, 3))):
            first, last = self.two_days()
            if self.chance(0.6):
                first, last = (f"{max(self.year - self.rng.choice((0, 1)), 1900)}-01-01", f"{self.year}-12-31")
            claim: Data = {"from": first, "to": last}
            if self.chance(0.25):
                words = (*TYPES, "talks", "谈心谈话", "discipline", "activities")
                claim["types"] = self.rng.sample(words, self.rng.randint(1, 4))
            claims.append(claim)
            self.crowd += [date.fromisoformat(first), date.fromisoformat(last)]
        if self.chance(0.25):
            first, last = self.two_days()
            claims.append(
                {"from": first, "to": last, "complete": False} | self.some(types=lambda: [self.rng.choice(TYPES)])
            )
        return claims

    # Records

    def _record(self) -> Data:
        record: Data = {"branch": self._branch()}
        if self.coverage is not None:
            record["coverage"] = self.coverage
        if self.chance(0.15):
            record["calendar"] = {"semesters": self._semesters()}
        if self.chance(0.6):
            record["committee"] = self._committee()
        if self.chance(0.55):
            record["groups"] = self._groups()
        if self.chance(0.55):
            record["members"] = [self._member(record, name) for name in self.rng.sample(NAMES, self.rng.randint(0, 5))]
        elif self.chance(0.4):
            record["headcount"] = {"formal": self.rng.randint(0, 9)} | self.some(
                probationary=lambda: self.rng.randint(0, 3)
            )
        if self.chance(0.93):
            record["activities"] = self._log(record)
        record |= self.some(talks=self._talks, discipline=self._cases, documents=self._papers, notices=self._notices,
                            plans=self._plans, commitments=self._pledges)  # fmt: skip
        return record

    def _branch(self) -> Data:
        branch: Data = {"name": "甲支部"}
        if self.chance(0.15):
            branch["founded"] = self.day()
        if self.chance(0.1):
            branch |= self._end("dissolved", branch.get("founded"))
        if self.chance(0.6):
            branch["type"] = self.rng.choice(("教师", "学生", "村"))
        if self.chance(0.5):
            branch["theme_day"] = self._theme_day()
        branch |= self.some(joint=lambda: self.chance(0.5), dispersed=lambda: self.chance(0.5),
                            venue=self._venue)  # fmt: skip
        if self.chance(0.15):
            branch["joint_units"] = [
                {"name": f"单位{n}", "formal": self.rng.randint(0, 3)} for n in range(self.rng.randint(1, 3))
            ]
        return branch

    def _venue(self) -> Data:
        return {"fixed": self.chance(0.5)} if self.chance(0.7) else {"address": "二楼"}

    def _theme_day(self) -> object:
        def rule() -> Data:
            return self.rng.choice((
                {"day": self.rng.choice((1, 5, 15, 28, 29, 30, 31))},
                {"weekday": self.rng.choice(("周一", "周五", "周日"))},
                {"weekday": self.rng.choice(("周一", "周五", "周日")), "nth": self.rng.choice((1, 2, 4))},
            ))  # fmt: skip

        if self.chance(0.7):
            return rule()
        return [rule(), rule() | {"from": f"{self.year}-{self.rng.choice(('03', '07'))}-01"}]

    def _semesters(self) -> list[Data]:
        y = self.year
        spring = {"name": f"{y}春", "from": f"{y}-02-26", "to": f"{y}-07-05"}
        if y == 2100 or self.chance(0.4):
            return [spring]
        autumn = {"name": f"{y}秋", "from": f"{y}-09-02", "to": f"{y + 1}-01-{self.rng.choice(('10', '31'))}"}
        return self.rng.sample([spring, autumn], 2)

    def _committee(self) -> object:
        def term(elected: str) -> Data:
            posts = [self._post(name) for name in self.rng.sample(NAMES, self.rng.randint(0, 3))]
            found: Data = {"elected": elected} | ({"posts": posts} if posts or self.chance(0.5) else {})
            found |= self.some(exists=lambda: self.chance(0.7), term_years=lambda: self.rng.choice((1, 2, 3, 5)))
            if self.chance(0.15):
                first, last = self.two_days()
                found["extension"] = {"until": last, "approved": first}
            return found

        old = [
            f"{max(self.year - n, 1900)}-{self.rng.choice(('02-28', '06-15', '11-30', '12-31'))}" for n in (1, 2, 3, 5)
        ]
        old += [f"{max(1900, self.year - self.year % 4 - (4 if self.year % 4 == 0 else 0))}-02-28"]
        days = {self.rng.choice(old) for _ in range(self.rng.choice((1, 1, 2)))} | (
            {self.day()} if self.chance(0.2) else set()
        )
        found = [term(elected) for elected in days]
        return found[0] if len(found) == 1 else found

    def _post(self, name: str) -> Data:
        post = self.rng.choice(("书记", "副书记", "组织委员", "委员", "书记兼宣传委员"))
        found: Data = {"name": name, "post": post}
        if self.chance(0.15):
            found["since"] = self.day()
        if self.chance(0.1):
            found["until"] = max(self.day(), found.get("since", ""))
        return found | ({"acting": self.chance(0.5)} if post == "副书记" and self.chance(0.5) else {})

    def _groups(self) -> list[Data]:
        found = []
        for n in range(1, self.rng.choice((0, 1, 2, 2, 3)) + 1):
            group: Data = {"id": f"g{n}"}
            if self.chance(0.3):
                group["formed"] = self.day()
            if self.chance(0.2):
                group |= self._end("dissolved", group.get("formed"))
            found.append(group)
        return found

    def _member(self, record: Data, name: str) -> Data:
        member: Data = {"name": name, "status": self.rng.choice(("正式", "正式", "预备"))}
        if self.chance(0.25):
            member["from"] = self.day()
        if self.chance(0.2):
            member |= self._end("to", member.get("from"))
        if self.chance(0.15):
            member["confirmed"] = self.day()
        if self.chance(0.15):
            member["leading_cadre"] = self.chance(0.6)
        return member

    def _log(self, record: Data) -> list[Data]:
        wanted = [t for rule in self.rules for t in types_in(rule)] or list(TYPES)
        entries: list[Data] = []
        for _ in range(self.rng.choice((0, 1, 2, 3, 4, 5, 6, 8, 10, 12))):
            if entries and self.chance(0.14):
                other = {"type": self._types(wanted)} if self.chance(0.4) else {}
                entries.append(dict(self.rng.choice(entries)) | {"remark": "重录"} | other)
            else:
                entries.append(self._told_apart(self._activity(record, wanted), entries))
        if any(rule.get("for_each", {}).get("in") == "entries" for rule in self.rules):
            entries = [entry | {"topic": f"议题{n}"} for n, entry in enumerate(entries)]
        return [entry | {"id": f"a{n}"} for n, entry in enumerate(entries, 1)]

    def _told_apart(self, entry: Data, others: list[Data]) -> Data:
        """The entry with an hour of its own if another is of its day: which of two accounts of one event stands, the
        contract does not say."""
        return entry | ({"start": f"1{len(others) % 10}:15"} if any(o["date"] == entry["date"] for o in others) else {})

    def _types(self, wanted: list[str]) -> object:
        types = [self.rng.choice(wanted if self.chance(0.75) else TYPES) for _ in range(self.rng.choice((1, 1, 1, 2)))]
        spelled = [self.rng.choice(SPELLED.get(t, [t])) for t in dict.fromkeys(types)]
        return spelled[0] if len(spelled) == 1 and self.chance(0.7) else spelled

    def _activity(self, record: Data, wanted: list[str]) -> Data:
        entry: Data = {"date": self.day(), "type": self._types(wanted)}
        types = as_list(entry["type"])
        if self.chance(0.12):
            entry["status"] = self.rng.choice(("已召开", "计划", "取消", "流会"))
        if self.chance(0.08):
            entry["joint_with"] = "第二党支部"
        if self.chance(0.3):
            entry["topic"] = self.rng.choice(("学习", "党章", "两学一做专题", "学习 "))
        if self.chance(0.2):
            entry["start"] = self.rng.choice(("9:00", "09:00", "18:30"))
        if self.chance(0.25):
            entry["tags"] = self.rng.choice(("两学一做", ["业务"], ["业务", "两学一做"]))
        if self.chance(0.25):
            entry["hours"] = self.rng.choice((1, 2, 1.5, "1/3"))
        if self.chance(0.5) and record.get("groups") and "党小组会" in types:
            entry["group"] = self.rng.choice(record["groups"])["id"]
        if self.chance(0.3):
            entry["lecturer"] = self.rng.choice(NAMES)
        if self.chance(0.08):
            entry["shift"] = {"reason": "抗洪"}
        if self.chance(0.4):
            entry["attendance"] = self._attendance()
        if self.chance(0.08):
            entry["for"] = self.rng.choice((f"{self.year}", f"{self.year}Q1", f"{self.year}H2", f"{self.year}-03",
                                            f"{max(self.year - 1, 1900)}"))  # fmt: skip
        return entry

    def _attendance(self) -> Data:
        return self.some(expected=lambda: self.rng.randint(0, 5)) | {
            "present": self.rng.sample(NAMES, self.rng.randint(1, 4)) if self.chance(0.7) else self.rng.randint(0, 5)
        }

    def _talks(self) -> list[Data]:
        return [{"date": self.day(), "between": self.rng.sample(NAMES, 2)} for _ in range(self.rng.randint(0, 6))]

    def _cases(self) -> list[Data]:
        return [
            {"name": self.rng.choice(NAMES[:2]), "matter": self.rng.choice(("甲事", "乙事")),
             "kind": self.rng.choice(("党纪", "师德")), "decided": self.day()}
            for _ in range(self.rng.randint(0, 3))
        ]  # fmt: skip

    def _papers(self) -> list[Data]:
        return [
            {"kind": self.rng.choice(("设置批复", "换届批复"))} | ({"date": self.day()} if self.chance(0.8) else {})
            for _ in range(self.rng.randint(0, 2))
        ]

    def _plans(self) -> list[Data]:
        y = self.year
        spans = (f"{y}", f"{max(y - 1, 1900)}..{min(y + 1, 2100)}", f"{y}H1", f"{y}Q2")
        return [
            {"kind": self.rng.choice(("年度计划", "实施方案")), "made": self.day()}
            | ({"for": self.rng.choice(spans)} if self.chance(0.6) else {})
            for _ in range(self.rng.randint(0, 3))
        ]

    def _pledges(self) -> list[Data]:
        found = []
        for n in range(1, self.rng.randint(0, 3) + 1):
            begun, fulfilled = self.two_days()
            pledge: Data = {"id": f"c{n}", "name": self.rng.choice(NAMES), "date": begun}
            found.append(pledge | self.some(published=self.day, fulfilled=fulfilled) | self.some(published=begun))
        return found

    def _notices(self) -> list[Data]:
        return [
            {"date": self.day(), "requires": self.rng.choice(("警示教育", "专题学习"))}
            for _ in range(self.rng.randint(0, 2))
        ]

    def data(self) -> Data:
        """The case as plain data, as it is written into files."""
        return {"record": self.record, "rules": self.rules, "period": [d.isoformat() for d in self.period],
                "as_of": self.as_of.isoformat()}  # fmt: skip


def case(seed: int, number: int) -> Data:
    """The case of a number under a seed."""
    return Case(Random(seed * 1_000_003 + number)).data()
