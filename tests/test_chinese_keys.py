"""A record may be written with Chinese keys: the words of the ledgers, flat or nested, in YAML and JSON alike."""

from __future__ import annotations

import pytest

from dangjian_check.loading.records import parse_record
from dangjian_check.model.columns import columns, heading, known_words, normal
from dangjian_check.model.headings import WORDS
from dangjian_check.model.record import Record
from program import refused

HEAD = "支部: {名称: 甲支部}\n"
OURS = """
branch: {name: 甲支部, type: 教师, joint: false, theme_day: {day: 15}}
coverage: {from: 2024-01-01, to: 2024-12-31}
committee: {elected: 2022-06-15, posts: [{name: 张三, post: 书记, acting: true}]}
members: [{name: 张三, status: 正式, admitted: 2001-07-01, leading_cadre: true}]
activities:
  - date: 2024-01-05
    type: [支委会, 党课]
    topic: 计划
    attendance: {expected: 5, present: [张三], leave: [{name: 李四, reason: 病假}]}
    minutes: {written: 2024-01-06}
talks: [{date: 2024-03-02, between: [张三, 李四]}]
dues: [{name: 张三, month: 2024-01, paid: 10}]
development: [{name: 王五, steps: {递交入党申请书: 2024-01-01}}]
"""
SAME = {
    "nested": """
支部: {名称: 甲支部, 类型: 教师, 联合党支部: 否, 固定党日: {日: 15}}
记全期间: {起: 2024-01-01, 止: 2024-12-31}
支委会: {选举日期: 2022-06-15, 任职名单: [{姓名: 张三, 职务: 书记, 主持工作: 是}]}
党员名册: [{姓名: 张三, 状态: 正式, 入党时间: 2001-07-01, 党员领导干部: 是}]
活动:
  - 日期: 2024-01-05
    类型: [支委会, 党课]
    主题: 计划
    到会情况: {应到: 5, 实到: [张三], 请假: [{姓名: 李四, 事由: 病假}]}
    记录情况: {记录日期: 2024-01-06}
谈心谈话: [{日期: 2024-03-02, 双方: [张三, 李四]}]
党费: [{姓名: 张三, 月份: 2024-01, 实交: 10}]
发展党员: [{姓名: 王五, 步骤: {递交入党申请书: 2024-01-01}}]
""",
    "flat": """
基本情况: {支部名称: 甲支部, 支部类型: 教师, 是否联合党支部: 否, 主题党日约定: {日: 15}}
完整期间: {开始日期: 2024-01-01, 截止日期: 2024-12-31}
班子: {换届时间: 2022-06-15, 委员: [{委员姓名: 张三, 党内职务: 书记, 是否主持工作: 有}]}
花名册: [{党员姓名: 张三, 党员类别: 正式, 入党日期: 2001-07-01, 领导干部: √}]
会议记录:
  - 会议时间: 2024-01-05
    会议类型: [支委会, 党课]
    议题: 计划
    应到人数: 5
    参会人员: [张三]
    请假人员: [{name: 李四, reason: 病假}]
    记录整理日期: 2024-01-06
谈心: [{谈话时间: 2024-03-02, 谈话双方: [张三, 李四]}]
党费收缴: [{姓名: 张三, 所属月份: 2024-01, 实缴: 10}]
发展党员台账: [{姓名: 王五, 各步骤: {递交入党申请书: 2024-01-01}}]
""",
    "mixed": OURS.replace("activities:", "活动:").replace("{expected: 5, present:", "{应到: 5, present:"),
}


@pytest.mark.parametrize("kind", SAME)
def test_record_with_chinese_keys_is_the_same_record(kind: str):
    """Nested as ours, flat as ledgers are, or both kinds of keys in one file."""
    ours, theirs = (parse_record(text.encode(), "a.yaml", "a").record for text in (OURS, SAME[kind]))
    assert ours == theirs


WRONG = {
    "the same thing twice": (
        HEAD + "活动:\n  - {日期: 2024-01-05, date: 2024-01-05, 类型: 支委会}\n",
        (3, 22),
        "键 “date” 与前面的一个键说的是同一项",
    ),
    "two words for one field": (
        HEAD + "活动:\n  - {日期: 2024-01-05, 类型: 支委会, 应到: 5, 应到人数: 5}\n",
        (3, 38),
        "键 “应到人数” 与前面的一个键说的是同一项",
    ),
    "flat and nested": (
        HEAD + "活动:\n  - {日期: 2024-01-05, 类型: 支委会, 到会情况: {应到: 5}, 应到: 5}\n",
        (3, 46),
        "说的是同一项",
    ),
    "a series twice": (HEAD + "党员: []\n名册: []\n", (3, 1), "说的是同一项"),
    "a typo": (
        HEAD + "谈心谈话: [{日期: 2024-03-02, 谈话双方: [张三, 李四], 类形: 日常}]\n",
        (2, 41),
        "不认识的键 “类形”",
    ),
    "a typo at the top": (HEAD + "谈心淡话: []\n", (2, 1), "不认识的键 “谈心淡话”"),
    "a full-width colon": ("支部：\n  名称: 甲支部\n", (1, 3), "用了全角冒号"),
    "neither yes nor no": ("支部: {名称: 甲支部, 联合党支部: 也许}\n", (1, 22), "true 或 false"),
    "a loose day": (HEAD + "活动: [{日期: 2024年1月5日, 类型: 支委会}]\n", (2, 11), "改写成 2024-01-05"),
}


@pytest.mark.parametrize("name", WRONG)
def test_slip_in_chinese_keys_is_located_as_it_was_written(name: str):
    """Line and column of the file, the word that was written."""
    text, place, message = WRONG[name]
    found = [p for p in refused(text) if message in p.message or message in p.remedy]
    assert [place] == [(problem.line, problem.column) for problem in found], refused(text)


def test_typo_is_answered_in_the_language_it_was_made_in():
    """The nearest Chinese word for a Chinese key, the nearest of ours for one of ours."""
    [chinese] = refused(HEAD + "活动: [{日期: 2024-01-05, 类型: 支委会, 请假入员: 张三}]\n")
    [ours] = refused(HEAD + "活动: [{日期: 2024-01-05, 类型: 支委会, hots: 张三}]\n")
    assert ("最接近的是“请假人员”", "最接近的是“host”") == (chinese.remedy, ours.remedy)


@pytest.mark.parametrize("model", WORDS, ids=lambda model: model.__name__)
def test_first_word_of_a_field_is_the_one_we_write_and_it_is_read_back(model: type):
    """What an export writes as a heading is the same field when it is read."""
    for column in columns(model):
        if "." not in column.path and model is not Record:
            assert column.path == known_words(model)[normal(heading(model, column.path))].path
