# The ten rules. The log is gone through once; every rule then looks up pairs of type and month.
package ten

import rego.v1

months := [
	"2024-01", "2024-02", "2024-03", "2024-04", "2024-05", "2024-06",
	"2024-07", "2024-08", "2024-09", "2024-10", "2024-11", "2024-12",
]

quarters := [
	["2024-01", "2024-02", "2024-03"], ["2024-04", "2024-05", "2024-06"],
	["2024-07", "2024-08", "2024-09"], ["2024-10", "2024-11", "2024-12"],
]

halves := [
	{"2024-01", "2024-02", "2024-03", "2024-04", "2024-05", "2024-06"},
	{"2024-07", "2024-08", "2024-09", "2024-10", "2024-11", "2024-12"},
]

held := {[activity.type, substring(activity.date, 0, 7)] | some activity in input.activities}

held_in(kind, span) if {
	some month in span
	[kind, month] in held
}

without_committee := [month | some month in months; not ["支委会", month] in held]

without_theme := [month | some month in months; not ["主题党日活动", month] in held]

without_assembly := [quarter | some quarter in quarters; not held_in("党员大会", quarter)]

without_lecture := [quarter | some quarter in quarters; not held_in("党课", quarter)]

without_life := [kind | some kind in ["组织生活会"]; not held_in(kind, months)]

without_review := [kind | some kind in ["民主评议"]; not held_in(kind, months)]

ill_attended := [activity.date |
	some activity in input.activities
	activity.type == "党员大会"
	activity.attendance.present * 10 < activity.attendance.expected * 9
]

talk_months := [substring(talk.date, 0, 7) | some talk in input.talks]

few_talks := [half |
	some half in halves
	count([month | some month in talk_months; month in half]) < 3
]

formal := [member.name | some member in input.members; member.status == "正式"]

answers := {
	"kept": [
		count(without_committee) == 0,
		count(without_assembly) == 0,
		count(without_theme) == 0,
		count(without_lecture) == 0,
		count(without_life) == 0,
		count(without_review) == 0,
		count(ill_attended) == 0,
		count(few_talks) == 0,
		input.committee.elected >= "2021-12-31",
		count(formal) <= 50,
	],
	"without": [without_committee, without_theme],
}
