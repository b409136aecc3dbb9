"""The columns that ledgers have in practice are all read, or knowingly passed over; none is unknown."""

from __future__ import annotations

import pytest

from dangjian_check.loading.sheets import Sheet
from dangjian_check.loading.tables import TABLES, Head, heads
from dangjian_check.model.columns import column_for, columns, known_words, words
from dangjian_check.model.headings import PASSED_OVER

# Name of the sheet, the table it is, its headings.
COLUMN_SETS = {
    # the column sets in use at superiors, schools and in software
    "整改台账": ("issues", "问题内容 整改措施 整改时限 责任人 检查日期 清单种类"),
    "整改清单": ("issues", "问题 整改措施 责任领导 责任部门 完成时限 对账销号 发现日期 类别"),
    "三会一课记实表": ("activities", "会议时间 地点 主题 参会人员 内容 图片"),
    "会议记录要素": ("activities", "时间 地点 主持人 缺席人员名单及原因 议题 发言要点 决议"),
    "会议登记": (
        "activities",
        "分党委 支部 类型 计划时间 实际时间 年 季 月 名称 议题 地点 主持人 记录人 实到 列席 请假 应到 实到数 请假数 "
        "请假原因 内容 决议 是否公开 状态 退回原因 备注",
    ),
    "换届台账": ("committee", "支部 上次换届时间 计划换届时间 工作安排 是否提前/延期 理由"),
    "换届": ("committee", "支部 届次 上届换届时间 本届起始 本届届满 选举方式 是否首届"),
    "应换届未换届表": ("committee", "支部 上次换届时间 未及时换届原因 拟完成换届时间"),
    # the columns of ledgers by kind
    "会议记录": (
        "activities",
        "唯一编号 支部名称 会议/活动名称 类型（党员大会、支委会、党小组会、党课、主题党日、组织生活会） 会议次数 日期 "
        "开始时间 结束时间 时长 地点 主持人 记录人 应到人数 流动党员和行动不便党员数 实到人数 到会人员名单 "
        "列席/到会指导的上级领导 缺席人员及原因 议题/主题 讨论过程 决议/议定事项 会议小结 照片或附件",
    ),
    "签到明细": ("activities", "姓名 状态 签到时间 请假原因 确认状态"),
    "谈心谈话": ("talks", "谈话日期 谈话人 被谈话人 谈话类型 内容摘要 约定事项 跟进状态"),
    "主题党日": ("activities", "活动日期 活动名称 参与人数 内容摘要 亮点与不足 照片/资料链接"),
    "主题党日（名单）": ("activities", "活动日期 活动名称 参与人员 内容摘要 亮点与不足 照片/资料链接"),
    "党费": ("dues", "姓名 年 月 基数（月工资） 应缴 实缴 方式 状态"),
    "换届选举": (
        "elections",
        "类型（换届/补选/调整） 届次 原因 计划日 实际日 应到 实到 批复单位 批复日 候选人 职务 得票 是否当选 是否现任",
    ),
    "评议": ("appraisals", "姓名 评议日期 年度 批次状态 自评 互评 群众 组织分 总分 等次 优秀名额"),
    "发展党员": (
        "development",
        "姓名 申请 积极分子 发展对象 预备 转正 联系人 介绍人 培训天数与学时 表决票数 审批日 预备期止 延长次数 延长月数",
    ),
    "组织关系转接": ("transfers", "单号 姓名 转出/转入 介绍信号 开具日 有效期 接收日"),
    "党员名册": (
        "members",
        "姓名 性别 生日 身份证 状态 入党日 转正日 小组 职务 流动去向 档案存放地",
    ),
}


def head_of(name: str, labels: str) -> Head | None:
    """The table behind one row of headings on a sheet of that name."""
    found = heads(Sheet(name, [labels.split()], name))
    return found[0] if found else None


@pytest.mark.parametrize("name", COLUMN_SETS)
def test_columns_in_use_are_read_or_knowingly_passed_over(name: str):
    """The table is recognised and no heading is unknown."""
    table, labels = COLUMN_SETS[name]
    head = head_of(name, labels)
    assert head is not None
    assert (table, {}) == (head.name, head.unknown)


@pytest.mark.parametrize("name", COLUMN_SETS)
def test_columns_in_use_are_recognised_without_the_name_of_the_sheet(name: str):
    """A sheet may be called Sheet1; its headings alone tell what it lists."""
    table, labels = COLUMN_SETS[name]
    head = head_of("Sheet1", labels)
    assert head is not None
    assert table == head.name


# Sheets that hold scores, plans of inspection or mere counts: none of them is a record.
NO_RECORDS = {
    "考核细则": "目标 考核项目（分值） 考核内容 评分说明 自查分 考核分",
    "检查考评细则": "项目 检查内容和评分标准 检查方式",
    "四强党支部考核表": "党支部名称 分数 考核日期 项目 考核标准 减分标准 减分原因 得分",
    "量化考评指标体系": "一级指标 二级指标 考评要点 主要支撑材料 参考权重 计分标准",
    "机关党建考评": "类别 考评项目 工作要求 分值 评分要点 考评方式 得分",
    "年度统计表": "分党委 支部 支部类型 1月支委会次数 2月支委会次数 召开月数 完成率",
    "执行统计": "支部 上级 年 季 类型 规范执行 补开补报 规范执行率 总次数 已评价 评价率 应出席 缺席 出席率 党小组数",
    "月度动作盘点": "动作 第1周 第2周 第3周 第4周 本月合计",
}


@pytest.mark.parametrize("name", NO_RECORDS)
def test_scores_and_counts_are_no_records(name: str):
    """Nothing is made out of a sheet that does not say on which day what was held."""
    assert head_of(name, NO_RECORDS[name]) is None


@pytest.mark.parametrize("name", sorted(TABLES))
def test_no_heading_means_two_columns_of_a_table(name: str):
    """Within one table each of our words belongs to one column."""
    model = TABLES[name]
    owners: dict[str, set[str]] = {}
    for column in columns(model):
        for word in column.words:
            owners.setdefault(word, set()).add(column.path)
    own = {word for names in words(model).values() for word in names}
    assert {} == {word: paths for word, paths in owners.items() if len(paths) > 1 and word not in own}


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_word_of_a_table_names_its_column(name: str):
    """What the vocabulary lists for a column is read as that column, however it is spaced."""
    model = TABLES[name]
    known = known_words(model)
    for word in known:
        assert known[word] == column_for(model, f" {word}： ")


def test_passed_over_columns_are_not_needed_elsewhere():
    """A heading that is passed over in every table is no heading of a field in all of them."""
    claimed = [set(known_words(model)) for model in TABLES.values()]
    assert [] == sorted(word for word in PASSED_OVER if all(word in words for words in claimed))
