"""One vocabulary for people's words: what they call each series and each field, in ledgers and in YAML alike.

For every model a text of lines: the field as it is written, then the Chinese words for it. The first word is the one
we write ourselves. Words are compared without spaces, brackets and what stands in brackets.
"""

from __future__ import annotations

from pydantic import BaseModel

from dangjian_check.model import activity, record, series

# Fields of the record, and at the same time the names of sheets.
SERIES_WORDS = """
format        格式
branch        支部 基本情况 支部基本情况 基本信息 支部信息 支部概况 封面 党支部基本情况
organization  上级党组织 党组织 本级党组织
branches      所属支部 支部名单 所属党支部 党支部名录 支部一览
coverage      记全期间 完整期间 记录期间
calendar      校历
committee     支委会 支部委员会 班子 班子成员 支委名单 支部班子 委员名单 任职名单 换届台账 换届 换届情况
              换届选举台账 领导班子
groups        党小组 党小组名单 小组 党小组划分
members       党员名册 名册 党员 党员花名册 花名册 党员信息 党员名单 党员基本信息 流动党员登记册
headcount     人数 党员人数
assessments   评分人意见 评分意见 评分
activities    活动 会议记录 活动记录 三会一课 三会一课记录 会议登记 组织生活 组织生活记录 会议台账 活动台账 台账
              三会一课台账 纪实 记实表 会议记录本
plans         计划 年度计划 工作计划 计划总结 计划报备
talks         谈心谈话 谈话 谈心 谈心谈话记录 谈话记录
training      培训 教育培训 培训记录 党员培训 培训台账
documents     文件材料 文件 材料 上级文件册 制度册 材料目录 组织生活会材料
dues          党费 党费收缴 党费缴纳 党费登记 党费登记册 党费台账 党费收缴台账
development   发展党员 发展党员台账 发展党员工作台账 入党
elections     选举 选举记录 换届选举 选举情况
appraisals    民主评议结果 民主评议 评议 民主评议党员 评议结果
discipline    处分与师德 处分 党纪处分
issues        问题与整改 整改台账 问题清单 整改清单 问题整改
awards        表彰 表彰奖励 荣誉
media         媒体报道 宣传报道 媒体
commitments   承诺 公开承诺 承诺践诺
transfers     组织关系接转 组织关系转接 关系转接 组织关系
reports       述职 述职评议
reflections   学习体会 心得体会 学习笔记
publicity     公开公示 公示 党务公开
opinions      意见建议 征求意见 意见
contacts      联系服务 联系群众 走访慰问 联系
notices       上级通知 通知
tasks         上级任务 任务
dossiers      党员纪实 纪实档案
inspections   督导检查 检查 督查
selfchecks    自查 对照自查
filings       收到的备案 备案
visits        走访联系 领导联系 联系点
"""

ENTRY_WORDS = """
id        编号 唯一编号 活动编号 记录编号 会议编号 单号
remark    备注 说明 会议小结 小结 讨论过程 发言要点 决议 议定事项 决议事项 亮点与不足 收获 存在问题 跟进状态
          约定事项 方式 介绍信号 原因 备注说明
evidence  佐证材料 佐证 照片或附件 附件 照片 图片 资料链接 照片链接 主要支撑材料 材料 证明材料 支撑材料
          档案存放地 照片资料链接
"""

_ACTIVITY = """
date        日期 活动日期 活动时间 会议日期 会议时间 召开时间 召开日期 开展时间 开展日期 实际时间 时间 举办时间
            学习时间 会期 签到日期
until       结束日期 止日
start       开始时间 开始时刻 起始时间 签到时间
end         结束时间 结束时刻
type        类型 活动类型 会议类型 类别 会议类别 活动类别 会议种类 会议形式 活动形式 组织生活类型
topic       主题 议题 会议主题 活动主题 会议议题 名称 会议名称 活动名称 题目 学习主题 党课题目 课题
status      状态 会议状态 召开状态
level       级别 组织层级 层级
group       党小组 所在小组 小组 党小组名称
joint_with  联合支部 共同举办 合开支部 联办支部 共建单位
host        主持人 主持 主持者 会议主持人
recorder    记录人 记录员 记录 会议记录人
lecturer    主讲人 授课人 主讲 讲课人 党课主讲人 宣讲人
tags        标签 内容标签 学习标签
agenda      议程 内容 会议内容 活动内容 主要内容 内容摘要 学习内容 会议议程 议题及内容
place       地点 会议地点 活动地点 召开地点 会场 场所
hours       学时 时长 课时 学习时长
votes       表决 表决情况 投票情况
branches    参加支部 涉及支部
statements  发言 发言情况 批评与自我批评
for         归属期间 为哪个期间 所属期间 所属年度
notice      依据通知 通知编号
"""

_ATTENDANCE = """
expected         应到人数 应到 应到数 应出席人数 应出席 应参加人数 应参会人数 应到会人数 应参加
present          实到人数 实到 参会人员 到会人员名单 实到数 实到人员 到会人员 出席人员 参加人员 参与人员
                 出席人数 实际人数 参会人数 参与人数 到会人数 参加人数 出席 到会 到会党员 参学人员 参会党员
                 实出席 到会人员姓名 参会实到
leave            请假人员 请假 请假数 请假人数 请假人员及原因 请假名单 请假情况
absent           缺席人员 缺席 缺席及原因 缺席人员及原因 缺席人员名单 缺席人数 未到人员 缺勤人员 缺席情况 缺勤
                 缺席人员名单及原因
make_up          补学人员 补学 补课人员
exempt           免参加人员 免到人员
guests           列席人员 列席 列席人 列席领导 到会指导 列席到会指导的上级领导 特邀人员 上级领导
voting_expected  有表决权应到人数 有表决权应到 应到有表决权人数
voting_present   有表决权实到人数 有表决权实到 实到有表决权人数
"""

_MEMBER = """
id             编号 党员编号
name           姓名 党员姓名 名字
status         状态 党员状态 党员类别 政治面貌 人员类别 党员性质
admitted       入党日期 入党时间 入党日 入党年月 加入党组织日期
confirmed      转正日期 转正时间 转正日 转正年月 转为正式党员日期
from           进入支部日期 转入日期 转入时间 进入本支部日期
to             离开支部日期 转出日期 转出时间 离开本支部日期
group          党小组 所在党小组 小组 所属党小组
leading_cadre  党员领导干部 领导干部 是否领导干部 是否党员领导干部
teacher        教师 是否教师
category       类别 身份 岗位类别
mobility       流动情况 流动 是否流动 流动状态
exemptions     免于参加 获准不参加活动 免参加
"""

_POST = """
name         姓名 委员姓名 成员姓名
post         职务 党内职务 支委职务 任职 岗位
since        任职日期 任职时间 任职起 任职开始 上任时间
until        离任日期 免职日期 任职止 离任时间 卸任时间
mode         产生方式 选举方式
ref          任职文号 文号 批复文号
acting       主持工作 是否主持工作
duty         分工 工作分工 职责分工
dual_leader  双带头人 是否双带头人
backbone     骨干类别 骨干
identity     身份 书记身份
qualified    选任条件 是否合格 选任条件合格
admin_post   行政职务 兼任行政职务
"""

_COMMITTEE = """
exists      设支委会 是否设支委会 设立支委会
formed      支委会设立日期 设立日期
elected     本届选举日期 选举日期 换届时间 换届日期 上次换届时间 本届起始 产生日期 当选日期 上届换届时间
            最近换届时间 本届产生日期 选举产生日期 届期起始
term_years  任期 任期年数 任期年限
extension   延期 批准延期 是否延期 是否提前延期 提前或延期
posts       任职名单 委员 成员
"""

_BRANCH = """
id             支部编号 支部编码 党支部编号 编号 党支部代码 支部代码
name           支部名称 名称 党支部名称 党支部 支部 支部全称 所在支部 被考核党支部
type           支部类型 类型 支部类别
parent         上级党组织 上级 所属党组织 所属党委 所属党总支 分党委 上级党委 上级组织
founded        成立日期 成立时间 建立时间 支部成立时间 设立时间
dissolved      撤销日期 撤销时间
standards      核查标准 标准 适用标准
theme_day      主题党日约定 固定党日 主题党日 党员活动日 主题党日时间
joint          联合党支部 是否联合党支部 是否联合支部
joint_units    联合单位 联合的单位
setup_basis    设置依据 设置方式
dispersed      党员分散 是否分散
venue          活动场所 场所
accreditation  认定 通过的认定 建设认定
"""

WORDS: dict[type[BaseModel], str] = {
    record.Record: SERIES_WORDS,
    record.Branch: _BRANCH,
    record.Organization: """
id         编号 组织编号
name       名称 组织名称 党组织名称
type       类型 组织类型
parent     上级党组织 上级
founded    成立日期 成立时间
dissolved  撤销日期 撤销时间
standards  核查标准 标准
""",
    record.BranchRow: """
id             编号 支部编号
name           支部名称 名称 党支部名称 党支部 支部
type           类型 支部类型
founded        成立日期 成立时间
dissolved      撤销日期 撤销时间
members        党员人数 党员数 人数
secretary      书记 支部书记
venue          活动场所 有活动场所 固定场所
accreditation  认定 通过的认定
""",
    record.ThemeDay: """
day      日 每月几日
weekday  星期 周几
nth      第几个
from     起用日期 起
""",
    record.Unit: "name 名称 单位\nformal 正式党员数 正式党员",
    record.Venue: "address 地址 场所地址\nfixed 固定 是否固定\nshared_with 合用单位 与谁合用",
    record.Accreditation: "level 级别 等级\ndate 日期 认定日期",
    record.Coverage: "from 起 开始日期 起始日期\nto 止 结束日期 截止日期\ntypes 种类 类型\ncomplete 记全 是否记全",
    record.Semester: "name 名称 学期\nfrom 起 开学日期 开始日期\nto 止 放假日期 结束日期",
    record.SchoolCalendar: "semesters 学期",
    record.Post: _POST,
    record.Extension: "until 延至 延期至\napproved 批准日期 批准时间\nref 文号 批准文号",
    record.Committee: _COMMITTEE,
    record.Group: """
id         编号 小组编号
name       名称 党小组名称 党小组 小组名称
formed     成立日期 成立时间
dissolved  撤销日期 撤销时间
leader     组长 党小组组长
""",
    record.Exemption: "kind 种类 情形\napplied 申请日期\napproved 批准日期\nuntil 到期日期 至",
    record.Member: _MEMBER,
    record.Headcount: "formal 正式党员 正式党员数\nprobationary 预备党员 预备党员数",
    activity.Activity: _ACTIVITY
    + "shift 改期 调整日期\nattendance 到会情况 出席情况 参会情况 考勤\nminutes 记录情况 记录整理\n",
    activity.Attendance: _ATTENDANCE,
    activity.Person: "name 姓名\nreason 事由 原因\nas 身份",
    activity.Vote: "matter 事项\nfor 赞成 同意\nagainst 反对 不同意\nabstained 弃权\npassed 通过 是否通过",
    activity.Minutes: "written 记录整理日期 纪要日期 记录日期 整理日期\nrecorder 整理人\npage 页码",
    activity.Shift: "planned 原定日期 计划日期\nreason 改期原因 调整原因",
    activity.Statement: "name 姓名\nself_criticism 自我批评\ncriticised 批评了谁 批评对象",
    series.Plan: """
kind        种类 计划种类 计划类型 类型 计划名称 名称
made        制定日期 制定时间 日期 时间 计划日期
for         所属期间 年度 计划年度 期间 为哪个期间
owner       制定人 谁的计划
filed       备案日期 报备日期 备案时间 报备时间
filed_with  备案单位 报备单位 向谁备案
elements    内容要点 内容 主要内容
""",
    series.Talk: """
date     谈话日期 日期 谈话时间 时间
between  谈话双方 双方 谈话人员
topic    谈话内容 主题 内容 内容摘要 谈话主题
kind     谈话类型 种类 类型 谈话种类
""",
    series.Training: """
name       姓名 参加人员 参训人员 参加人 参训人
audience   对象 培训对象
count      参训人数 人数 实到人数 参加人数
out_of     应参训人数 应到人数
from       开始日期 培训日期 起 日期 开始时间 培训时间 时间
to         结束日期 止 结束时间
days       天数 培训天数
hours      学时 培训学时 课时
organiser  主办单位 举办单位 组织单位 主办
topic      主题 培训内容 培训主题 培训班名称 培训名称 内容
""",
    series.Document: """
kind   种类 文件种类 材料名称 文件类型 类别 材料种类
date   日期 成文日期 发文日期 时间
title  标题 文件名称 文件标题 名称
ref    文号 发文字号
for    所属期间 年度 期间
items  内容要点 内容
""",
    series.Dues: """
name     姓名 党员姓名 交纳人 缴纳人
month    月份 所属月份 缴费月份 交费月份 月 期间 所属期
base     计算基数 基数 缴费基数 月工资 交纳基数
due      应交 应缴 应交金额 应缴金额 应交党费 应缴党费 应交额 应缴额 月应交 月应缴 月缴额
paid     实交 实缴 实交金额 实缴金额 交纳金额 缴纳金额 金额 实交党费 实缴党费
paid_on  交纳日期 缴纳日期 交费日期 缴费日期 交纳时间 缴纳时间 日期
""",
    series.Development: "name 姓名 发展对象姓名 申请人\nsteps 步骤 各步骤",
    series.Winner: "name 姓名\npost 职务\nvotes 得票 得票数",
    series.Election: """
date        选举日期 日期 实际日 实际日期 选举时间 时间 实际换届时间
kind        类型 选举类型 种类
expected    应到 应到人数 应到会人数
present     实到 实到人数 实到会人数
seats       应选名额 应选人数 名额
candidates  候选人 候选人名单
ballots     收回票数 收回选票
winners     当选人 当选名单 当选人员
reported    上报日期 上报时间 报告日期
approved    批复日期 批复日 批复时间
ref         批复文号 文号
""",
    series.Grade: "name 姓名\ngrade 等次 评议等次",
    series.Appraisal: """
date      评议日期 日期 时间 评议时间
for       年度 评议年度
steps     步骤 各步骤
assessed  参评人数 参加评议人数
results   等次 评议结果 结果
""",
    series.Discipline: """
name 姓名
matter 事由 何事 违纪事实
kind 种类 类型
decided 决定日期 日期 处分日期
ref 文号 处分文号
""",
    series.Issue: """
found        发现日期 日期 检查日期 查找日期
kind         种类 清单 清单种类 类别
topic        问题 问题内容 存在问题
measure      整改措施 措施
responsible  责任人 整改责任人 责任领导
due          整改时限 完成时限 期限 时限
closed       销号日期 完成日期 整改完成日期 销号
""",
    series.Award: "date 日期 表彰日期 时间\ntitle 名称 荣誉名称 表彰名称\nlevel 级别\nby 表彰单位 授予单位\nref 文号",
    series.Media: "date 日期 报道日期 时间\noutlet 媒体 媒体名称\ntitle 标题 题目\nlevel 级别",
    series.Commitment: """
name       姓名 承诺人
date       日期 承诺日期 时间
kind       种类 类型
published  公示日期
fulfilled  兑现日期 践诺日期
items      内容 承诺内容 承诺事项
""",
    series.Transfer: """
name       姓名 党员姓名
direction  转出转入 方向 转接类型 类型
out        开出日期 开具日 开具日期 转出日期
in         接收日期 接收日
receipt    回执日期 回执
""",
    series.WorkReport: "name 姓名 述职人\ndate 日期 述职日期 时间\nto 述职对象 向谁述职\nfor 述职年度 年度",
    series.Reflection: "name 姓名\ndate 日期 时间\ntopic 主题 题目 内容",
    series.Publicity: "subject 事项 公示事项 公开事项 内容\nfrom 开始日期 起 公示日期 日期\nto 结束日期 止",
    series.Opinion: """
date 日期 时间
from 提出人 来源 意见来源
topic 内容 意见内容 意见建议
kind 种类 类型
response 答复 办理结果 答复情况
""",
    series.Contact: """
date 日期 时间 走访日期
name 联系对象 姓名 对象 走访对象
by 联系人 走访人
kind 种类 类型
topic 内容
response 结果 办理结果
""",
    series.Notice: "date 日期 通知日期 收文日期\nrequires 要求 通知要求 要求做什么 内容\ndue 期限 时限\nref 文号",
    series.Task: "assigned 布置日期 日期\ntopic 任务 工作任务 内容\ndue 期限 时限 完成时限\ncompleted 完成日期",
    series.Dossier: "name 姓名\nfor 年度 哪一年\nparts 记录的方面 内容 记了哪些",
    series.Filing: """
branch 支部 支部编号
kind 材料 种类
received 收到日期 日期
for 所属期间 年度
replied 答复日期
""",
    series.Visit: """
date 日期 时间
by 走访人 领导 联系领导
level 级别
branch 支部 所到支部
kind 种类 类型
topic 内容 主题
""",
    series.Inspection: """
date 日期 检查日期 时间
by 检查人 检查单位 督导单位
branch 支部 被查支部
mode 方式 检查方式
topic 内容 检查内容
finding 反馈 反馈意见 检查结果
""",
    series.SelfCheck: "date 日期 自查日期\nstandard 对照标准 标准\nsigned_by 签字人\ntopics 内容 自查内容",
    series.Assessor: "rule 规则 规则编号\nwindow 窗口\ndeduct 扣分\naward 加分\nby 评分人\non 日期 评分日期",
}

# The steps of 发展党员 by the names the rules know; the five that every ledger has a column for come first.
STEP_WORDS = """
递交入党申请书 申请 申请日期 申请入党 申请入党日期 递交申请书 入党申请 申请时间 递交入党申请书日期 申请入党时间
确定积极分子 积极分子 入党积极分子 确定积极分子日期 积极分子日期 确定入党积极分子 确定积极分子时间
列为发展对象 发展对象 确定发展对象 列为发展对象日期 发展对象日期 确定发展对象时间
支部大会通过接收 预备 预备党员 接收预备党员 接收日期 预备党员日期 支部大会接收 接收为预备党员 预备日期
  接收预备党员日期 接收预备党员时间
支部大会讨论转正 转正 转正日期 按期转正 转为正式党员 支部大会转正 转正时间
派人谈话 谈话日期 派人谈话日期
政治审查 政审 政审日期 政治审查日期
集中培训 集中培训日期
上级预审 预审 预审日期
公示开始 公示开始日期
公示结束 公示结束日期
审批前谈话 审批前谈话日期
上级审批 上级审批日期
上级同意 上级同意日期
入党宣誓 宣誓日期 入党宣誓日期
提出转正申请 转正申请 转正申请日期
延长预备期 延长预备期日期
转正审批 转正审批日期
"""
_PASSED_OVER = """
序号 序 次序 会议次数 次数 性别 民族 学历 生日 出生日期 出生年月
是否公开 退回原因 确认状态 年 年份 季 季度 流动去向 流动党员和行动不便党员数 有效期 介绍人 联系人
培养联系人 计划时间 计划换届时间 计划日 工作安排 届次 是否提前 是否首届 理由 本届届满 批复单位 填报人 填表人 审核人
签字 籍贯 工作单位 职称 批次状态 自评 互评 群众 群众评 组织评 总分 优秀名额 是否现任 扣分 得分 审批日 延长次数
延长月数 表决票数 支部大会表决票数 表决票 预备期止 培训天数 培训学时 培训天数与学时 分党委 所属党委 上级党组织 月
月份 职务 党内职务 行政职务 档案存放地 全年合计 合计 年龄 确认情况 支部类型 书记 任务分解 责任部门 对账销号 组织分
自评分 互评分 群众分 未及时换届原因 未换届原因 拟完成换届时间 预期效果 销号情况 完成情况
"""
# Columns people keep that a record has no place for; they are passed over without a word.
PASSED_OVER = frozenset(_PASSED_OVER.split())
