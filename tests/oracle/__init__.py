"""The rules judged by hand: a second opinion that shares nothing with the engine but the data.

``days`` walks and groups days, ``evidence`` says which entries count and what is claimed, ``verdicts``, ``clocks`` and
``steps`` judge one window by trying every number that may be the true one, ``evaluate`` puts a rule to a record. They
import nothing of the program. ``cases`` draws random cases, ``versus`` compares them with the engine and cuts a
difference down. ``differences.yaml`` keeps what was found; ``open_differences`` names what is not mended yet.

The written contract (the design, ``docs/``, the 73 worked cases) is the ground. Where it says nothing the engine was
read, and the evaluator follows it. These are the places; each wants a sentence in ``docs/``:

windows      With an audit day outside the period, an open window is listed only if it shares a day with the period.
             Semesters of a school calendar push out every built-in one that touches the time from its first to its
             last day; the days between two of them belong to none.
existence    A branch is gone on the day it is dissolved (written for groups and members, not for branches).
coverage     ``complete: false`` is taken from every claim, not only from those written before it. A record without
             ``activities`` but with ``coverage`` keeps an empty log (the table in docs/record.md says: unknown).
             ``coverage: []`` is none. The first dated entry may be a cancelled one, or one after the audit day.
for          What is no longer than the window (give or take three days) goes to the period it is for; what straddles
             two windows, a half-year and two semesters say, goes to neither.
duplicates   Two accounts of one event are linked by the kinds that are asked for. Which of them speaks (lecturer,
             reason, hours, names) is not said; random cases avoid it. Lines of other series are never one.
binding      Where it is not known whether a rule binds, a pass stays a pass and all else is unknown.
conditions   ``branch.has_groups: false`` means "not throughout". Of the time before the first 届 a 支委会 is known by
             its meetings up to the window's end; of a 届 without posts, by those up to the audit day. ``notices`` of a
             rule judged on one day are those of the whole period.
subjects     ``status`` is that on the first day of the window. Who was there on no day of it is not listed at all.
numbers      ``groups`` without a list is unknown (docs/record.md: taken as none). An acting deputy lectures as
             secretary but fills no secretary's post (docs/record.md: 按书记看待).
interval     The window runs from an event to the day the next is owed, and by that day it is listed and binds; where
             that proves nothing, its last days do by themselves. A founding no longer ago than the interval starts
             the clock whatever was held since.
term         Listed if it runs out in the period, is running, or is overdue on a day of it; one followed early only if
             it would have run out in the period. It binds by the audit day. Without any election: unknown. An
             extension to an earlier day is none. 换届 under ``elections`` is not looked at.
fixed_day    The rule in force on the month's last day; a tolerance reaches no day of another month.
presence     Without ``per``, activities are looked for from the period's first day to the audit day, and lacking is a
             failure although the period goes on. An undated entry is unknown. A document of any year will do.
procedure    With ``may_run``, a step whose longest time has run out fails all the same.
grace        All the late entries go to the year before, not only one.
"""
