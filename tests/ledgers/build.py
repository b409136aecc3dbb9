# ruff: noqa: E501 (a sheet is drawn as wide as it is)
"""Builds the ledgers of this folder: one file for each layout that branches keep. Everybody in them is invented.

Run ``python tests/ledgers/build.py`` after a change here and commit what it writes. A sheet is drawn as it looks: one
row a line, cells parted by ``|``. ``#12`` is a number, ``@2024-03-05``, ``@14:00`` and ``@2024-03-05 14:00`` are a day,
a time and both as Excel stores them, ``<`` and ``^`` are merged with the cell to the left or above, ``\\n`` is a new
line in a cell. Anything else is text. ``.xls`` files come from LibreOffice and stay as they are where there is none.
"""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import tempfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import xlsxwriter

HERE = Path(__file__).resolve().parent
CREATED = datetime(2024, 1, 1)
Cell = Any

WORKBOOKS: dict[str, dict[str, str]] = {
    # The record of meetings of a software system: one row a meeting, several branches, day and time in one cell.
    "会议登记.xlsx": {
        "会议登记": """
分党委|支部|类型|计划时间|实际时间|年|季|月|名称|议题|地点|主持人|记录人|实到|列席|请假|应到|实到数|请假数|请假原因|内容|决议|是否公开|状态|退回原因|备注
机电学院党委|机电一支部|支部党员大会|@2024-03-08 14:00|@2024-03-08 14:00|#2024|#1|#3|一季度党员大会|讨论接收预备党员|逸夫楼201|周明远|沈佳宁|周明远、沈佳宁、陆海川、许文静|何书记|方晓燕|#5|#4|#1|病假|传达上级精神；讨论发展党员|同意接收邵一鸣为预备党员|是|审核通过||
机电学院党委|机电一支部|支部委员会|@2024-03-01 09:30|@2024-03-01 09:30|#2024|#1|#3|三月支委会|研究发展党员|逸夫楼203|周明远|沈佳宁|周明远、沈佳宁、陆海川|||#3|#3|#0||研究一季度党员大会议程|按程序提交大会|是|审核通过||
机电学院党委|机电二支部|党课|@2024-03-15 14:30|@2024-03-18 14:30|#2024|#1|#3|学习新党章|学习新党章|图书馆报告厅|罗志强|宋雨桐|12人||田野|#13|#12|#1|出差|||是|审核通过||因停电推迟三天
机电学院党委|机电二支部|主题党日、党课|@2024-04-12 14:00|@2024-04-12 14:00|#2024|#2|#4|四月主题党日|参观校史馆|校史馆|罗志强|宋雨桐|#13|||#13|#13|#0||||否|审核通过||
""",
    },
    # What six forms in use have in common: the columns of a meeting record, under a title with the year.
    "会议记录.xlsx": {
        "会议记录": """
环化学院教工党支部2024年组织生活台账|<|<|<|<|<|<|<|<|<|<|<|<|<|<|<|<|<|<|<
唯一编号|会议/活动名称|类型|会议次数|日期|开始时间|结束时间|时长|地点|主持人|记录人|应到人数|流动党员和行动不便党员数|实到人数|到会人员名单|列席/到会指导的上级领导|缺席人员及原因|议题/主题|讨论过程|照片或附件
HY-01|一月支委会|支委会|第1次|1月8日|@14:00|@15:30|1.5小时|化工楼305|沈佳宁|陆海川|3人|0|3人|沈佳宁、陆海川、许文静||无|研究全年计划|逐项讨论，无异议|照片2张
HY-02|一季度党员大会|党员大会暨主题党日|第1次|2024年1月19日（星期五）|@14:00|@16:00|2小时|化工楼101|沈佳宁|陆海川|11人|1|9人|沈佳宁、陆海川、许文静、何建国、方晓燕、罗志强、宋雨桐、欧阳雪、田野|学院党委何书记（上级）|邵一鸣（临时有事），钱立群（病假，已报告）|传达全会精神|四位同志发言|照片3张；签到表
HY-03|党小组学习|党小组会|第2次|2024.2.23|15:00|16:10|70分钟|实验室|许文静|方晓燕|5|0|5|许文静、方晓燕、罗志强、宋雨桐、古丽娜·阿不都||-|学习理论文章||
HY-04|书记讲党课|党课|第1次|3月12日下午|14：30|16：00|1.5|化工楼101|沈佳宁|陆海川|11|1|11||||理想信念||
合计|4次||||||||||||||||||
审核人：何书记|||||填表人：陆海川||||||||||||||
""",
        "党员名册": """
环化学院教工党支部党员名册|<|<|<|<|<|<|<
序号|姓名|性别|身份证|状态|入党日|转正日|党内职务
#1|沈佳宁|女|350102198001010021|正式党员|2001-06-20|2002-06-20|支部书记
#2|陆海川|男|350102198502020032|中共党员|2006.12.1|2007.12.1|组织委员
#3|许文静|女|350102199003030043|正式|@2010-05-08|@2011-05-08|宣传委员
#4|邵一鸣|男|350102200004040054|预备党员|2024年1月19日||
#5|林小禾|女|350102200105050065|入党积极分子|||
""",
    },
    # One form for each meeting, one meeting to a sheet; a sheet for the branch; a template left empty.
    "三会一课记实表.xlsx": {
        "基本情况": """
党支部基本情况|<|<|<
支部名称|青石村党支部|支部类型|村
所属党委|柳溪镇党委|成立时间|2003年7月1日
固定党日|每月10日|正式党员数|21人
预备党员数|1|记录期间|2024-01-01至2024-12-31
""",
        "支委会": """
党支部“三会一课”记实表|<|<|<
会议时间|2024年5月6日 19:30|地点|村部二楼
会议主题|研究防汛和“七一”安排|主持人|柳长河
参会人员|柳长河、柳秀英、马德全|<|<
内容|一、研究防汛值班。二、研究“七一”慰问老党员。|<|<
图片|（见相册第12页）|<|<
""",
        "党课": """
党支部“三会一课”记实表|<|<|<
会议时间|2024年6月10日上午9点至10点半|地点|村部大会议室
会议主题|学习农村基层组织工作条例|主讲人|柳长河
参会人员|柳长河等20人|<|<
内容|逐条学习，结合本村实际|<|<
图片||<|<
""",
        "空白样表": """
党支部“三会一课”记实表|<|<|<
会议时间||地点|
会议主题||主持人|
参会人员||<|<
""",
    },
    # Forms below one another on one sheet, labels and values also in one cell, boxes to tick for the type.
    "记实册.xlsx": {
        "记实册": """
红星社区第二党支部会议记实册（2024年度）|<|<|<
名称：二月支委会|<|时间：2024年2月5日  地点：社区会议室|<
类型|☑支委会 □党员大会 □党课|主持人|马春兰
应到|5|实到|5
议题|节前走访慰问安排|<|<
|||
名称：一季度党员大会|<|时间：2024年3月20日  地点：社区礼堂|<
类型|□支委会 ☑党员大会 ☑党课|主持人|马春兰
应到|32|实到|28
请假|丁伯安（住院）、白雪梅（探亲）、石磊、贺小芸|<|<
议题|通报一季度工作；上党课|<|<
发言要点已另附记录纸|||
|||
名称：三月支委会|<|地点：社区会议室|<
类型|☑支委会 □党员大会 □党课|主持人|马春兰
""",
    },
    # A sheet that is all of one type: no column for it; months as section lines; a total, a signature.
    "主题党日.xlsx": {
        "主题党日": """
柳溪中学党支部2024年主题党日活动登记表|<|<|<|<|<
填表时间：2025年1月3日|||||
活动日期|活动名称|参与人数|内容摘要|亮点与不足|照片/资料链接
一季度|<|<|<|<|<
1月15日|重温入党誓词|18人|参观县党史馆|组织有序|相册/2401
2月15日—16日|送学上门|16|看望退休党员|人手不足|
3月15日|植树|17人次|校园植树||相册/2403
二季度|<|<|<|<|<
4月15日|读书会|全体党员|分享《论语》与家风|发言踊跃|
5月十五|远足|约15人|||
合计|5次|||
填表人：石磊||||负责人：贺小芸|
""",
    },
    # Who signed in at one meeting; what the meeting was stands in the rows above.
    "签到明细.xlsx": {
        "签到": """
四月主题党日签到明细|<|<|<|<
会议时间：2024年4月12日 14:00|<|地点：校史馆|<|<
序号|姓名|状态|签到时间|请假原因
#1|周明远|已签到|@2024-04-12 13:52|
#2|沈佳宁|已签到|@2024-04-12 13:58|
#3|陆海川|请假||带学生实习
#4|许文静|缺席||
#5|何建国|已补|@2024-04-19 16:00|
""",
        "五月签到": """
姓名|状态|签到时间|请假原因|确认状态
周明远|已签到|@2024-05-10 14:01||已确认
沈佳宁|迟到|@2024-05-10 14:20||已确认
陆海川|病假|||未确认
""",
    },
    "谈心谈话.xlsx": {
        "谈心谈话": """
环化学院教工党支部谈心谈话记录|<|<|<|<|<|<
谈话日期|谈话人|被谈话人|谈话类型|内容摘要|约定事项|跟进状态
2024-03-02|沈佳宁|邵一鸣|发展党员谈话|入党动机|每季度汇报一次|已落实
@2024-06-18|沈佳宁|陆海川、许文静|日常谈话|分工与配合||
2024/9/5|许文静|钱立群|慰问|病后恢复|减少工作量|跟进中
""",
    },
    "党费登记.xlsx": {
        "党费": """
党费收缴台账|<|<|<|<|<|<|<
姓名|年|月|基数（月工资）|应缴|实缴|方式|状态
沈佳宁|#2024|#1|#8200|#82|#82|微信|已缴
沈佳宁|#2024|#2|8200元|82.00|82.00|微信|已缴
邵一鸣|#2024|#1|#0|#0.2|#0.2|现金|补缴
钱立群|2024年|1月|#3000|#15|#0|—|免缴
合计||||#179.2|#164.2||
""",
        "党费使用": """
类别|金额
教育|1200元
帮扶|800元
""",
    },
    "党费矩阵.xlsx": {
        "2024年党费": """
柳溪中学党支部党费交纳登记|<|<|<|<|<|<|<|<|<|<|<|<|<|<
序号|姓名|1月|2月|3月|4月|5月|6月|7月|8月|9月|10月|11月|12月|全年合计
#1|石磊|#30|#30|#30|||||||||#30|#120
#2|贺小芸|25元|25元|免缴|未缴|||||||||50元
合计||#55|#55|#30|#0||||||||#30|#170
""",
        "按季": """
2024年党费交纳情况|<|<|<|<
姓名|1月|<|2月|<
^|应缴|实缴|应缴|实缴
丁伯安|#20|#20|#20|#15
""",
    },
    "党员名册.xlsx": {
        "党员名册": """
青石村党支部党员名册|<|<|<|<|<|<|<|<|<|<|<
姓名|性别|生日|身份证|状态|入党日|转正日|小组|职务|流动情况|流动去向|档案存放地
柳长河|男|1968-02|350102196802010011|正式|1995-07-01|1996-07-01|第一党小组|书记|正常||镇组织办
柳秀英|女|1975-11|350102197511020022|正式|2004-07-01|2005-07-01|第一党小组|组织委员|正常||镇组织办
马德全|男|1980-05|350102198005030033|正式党员|2012-11-20|2013-11-20|第二党小组|宣传委员|流动|省城务工|镇组织办
马小满|女|2001-09|350102200109040044|预备|2024-06-28||第二党小组|||在外求学|县委组织部
柳青青|女|2003-04|350102200304050055|申请人|||||||
""",
        "党小组": """
党小组名称|组长|成立时间
第一党小组|柳秀英|2010-01-01
第二党小组|马德全|2018年3月1日
""",
    },
    # The superior's ledger of terms: one row a branch.
    "换届台账.xlsx": {
        "换届台账": """
柳溪镇党支部换届工作台账|<|<|<|<|<
党支部|上次换届时间|任期|计划换届时间|是否提前/延期|理由
青石村党支部|2021年12月18日|5年|2026-12|否|
白沙村党支部|@2021-12-20|#5|2026-12|否|
柳溪中学党支部|2022.6.30|3|2025-06|延期|等待批复
""",
    },
    "换届选举.xlsx": {
        "换届选举": """
机电一支部换届选举情况|<|<|<|<|<|<|<|<|<|<|<
类型|届次|原因|计划日|实际日|应到|实到|批复单位|批复日|候选人|得票|是否当选
换届|第四届|届满|2024-06-01|2024-06-15|#15|#14|机电学院党委|2024-06-20|周明远|#14|是
换届|第四届|届满|2024-06-01|2024-06-15|#15|#14|机电学院党委|2024-06-20|沈佳宁|#13|是
换届|第四届|届满|2024-06-01|2024-06-15|#15|#14|机电学院党委|2024-06-20|陆海川|#3|否
补选|第四届|委员调离|2024-10-01|2024-10-11|#15|#15|机电学院党委|2024-10-15|许文静|#15|是
""",
        "支委名单": """
姓名|职务|任职时间|届期起始|是否现任
周明远|支部书记|2024-06-15|2024-06-15|是
沈佳宁|组织委员兼宣传委员|2024-06-15|2024-06-15|是
许文静|纪检委员|2024-10-11|2024-06-15|是
""",
    },
    "民主评议.xlsx": {
        "民主评议": """
环化学院教工党支部2023年度民主评议党员情况|<|<|<|<|<|<|<|<
姓名|评议日期|年度|自评|互评|群众评|组织评|总分|等次
沈佳宁|2024-01-24|2023|#95|#93|#94|#95|#94.2|优秀
陆海川|2024-01-24|2023|#92|#90|#91|#90|#90.6|合格
许文静|2024-01-24|2023|#90|#91|#90|#92|#91|合格
优秀名额：1名||||||||
""",
    },
    # Two rows of headings, the upper one merged over the lower.
    "发展党员.xlsx": {
        "发展党员": """
发展党员工作台账|<|<|<|<|<|<|<|<|<|<|<
序号|姓名|五个里程碑|<|<|<|<|培训|<|联系人|介绍人|支部大会表决票数
^|^|申请|积极分子|发展对象|预备|转正|天数|学时|^|^|^
#1|邵一鸣|2022-09-01|2023-03-20|2023-11-10|2024-01-19|尚未|#3|#24|许文静|沈佳宁、陆海川|11
#2|林小禾|2023.10.8|@2024-05-17||||||方晓燕||
""",
    },
    "组织关系转接.xlsx": {
        "组织关系转接": """
组织关系转接登记|<|<|<|<|<|<|<
单号|姓名|转出/转入|介绍信号|开具日|有效期|接收日|回执
ZJ-2024-01|罗志强|转出|第0012号|2024-07-01|90天|2024-07-15|2024-07-20
ZJ-2024-02|田野|转入|第0345号|2024年9月2日|90天|9月10日|
""",
    },
    # Two lists and a summary on one sheet, the heading printed again on the second page.
    "一页几张表.xlsx": {
        "2024年台账": """
红星社区第二党支部2024年台账|<|<|<
一、支委会|<|<|<
日期|议题|应到|实到
1月9日|年度计划|5|5
2月6日|走访慰问|5|4
日期|议题|应到|实到
3月5日|发展党员|5|5
|||
二、党员大会|<|<|<
日期|议题|应到|实到
3月20日|一季度工作|32|28
|||
三、每月次数|<|<|<
月份|支委会次数|党员大会次数|完成率
1月|1|0|100%
2月|1|0|100%
""",
    },
    # A column for each type, ticked; how many came in one cell; merged days; one person a row.
    "打勾登记.xlsx": {
        "三会一课": """
白沙村党支部三会一课登记（2024年）|<|<|<|<|<|<|<
日期|支委会|党员大会|党小组会|党课|出席情况|实到/应到|缺席人员
2024-01-10|√||||应到3人，实到3人||
2024-03-10||√||√|实到23人，应到25人，请假2人（柳大年、马老四）||
2024-04-10||√||||24/25|马老四
^|^|^|^|^|||柳大年
2024-05-10||√||主要讲乡村振兴|23/25||
""",
    },
    "整改台账.xlsx": {
        "整改台账": """
青石村党支部整改台账|<|<|<|<|<|<
序号|检查日期|清单种类|问题内容|整改措施|整改时限|责任人
#1|2024-04-18|镇党委督查|三月没有召开支委会|补学会议内容，建立提醒|2024-05-18|柳长河
#2|2024-04-18|镇党委督查|请假人员没有写明|记录本加一栏|立行立改|柳秀英
""",
        "计划": """
计划名称|年度|制定日期|报备日期|报备单位
三会一课年度计划|2024|2024-01-05|2024-01-12|柳溪镇党委
""",
        "培训": """
姓名|培训时间|天数|学时|主办单位|培训内容
柳长河|2024年5月20日至24日|5天|40学时|县委党校|村书记轮训
柳秀英、马德全|2024-06-03|1|8|镇党委|党务培训
""",
    },
    # Counts only: nothing here is a day on which something was held.
    "年度统计表.xlsx": {
        "三会一课统计": """
2024年三会一课年度统计表|<|<|<|<|<|<
分党委|支部|支部类型|1月支委会次数|2月支委会次数|召开月数|完成率
机电学院党委|机电一支部|教师|#1|#1|#2|100%
机电学院党委|机电二支部|学生|#1|#0|#1|50%
""",
        "月度动作盘点": """
2024年3月动作盘点|<|<|<|<|<
动作|第1周|第2周|第3周|第4周|本月合计
支委会|1次||||1次
谈心谈话|2人次||1人次||3人次
""",
    },
    # What goes wrong in a ledger typed by hand; each of these is told with its cell.
    "错漏.xlsx": {
        "会议记录": """
向阳小学党支部会议记录|<|<|<|<|<
日期|类型|议题|应到|实到|缺席人员
3月5日|支委会|没有年份|3|3|无
3/6|支委会|看不出年份|3|3|无
2024-02-30|支委会|没有这一天|3|3|无
#45356|支委会|日期成了数字|3|3|无
2024-03-07、14|支委会|两个日子|3|3|无
2024-03-08|支部会|不认识的类型|3|3|无
2024-03-11|三会一课|不是一种会|3|3|无
2024-03-12|党员大会|约数|约20人|二十人左右|无
2024-03-13|党员大会|人数与名单不符|20|18|等几位老师
2024-03-14||没有类型|3|3|无
|党课|没有日期|20|18|无
""",
        "党员名册": """
姓名|状态|入党日期|民族
赵小满|正式|二〇〇五年|汉
钱多多|预备|2024-05|汉
孙有余|已离退休|2001-07-01|汉
""",
    },
}

CSV: dict[str, tuple[str, str]] = {
    "三会一课.csv": (
        "gb18030",
        """
柳溪镇白沙村党支部三会一课登记
日期|类型|主题|主持人|应到|实到|缺席人员
2024/1/10|支委会|研究年度计划|马老四|3|3|无
2024/1/20|党员大会|传达镇党代会精神|马老四|25|23|柳大年（外出）、䶮小满（请假）
2024/2/10|主题党日|扫雪|马老四|25|20|5人
""",
    ),
    "系统导出.csv": (
        "utf-8-sig",
        """
支部名称|会议类型|会议名称|开始时间|结束时间|应到人数|实到人数|会议内容
翰林苑社区党支部|党员大会|一季度党员大会|2024-03-20 19:00:00|2024-03-20 20:30:00|40|35|一、通报工作\\n二、评议“先锋岗”，共3人\\n三、收缴党费
翰林苑社区党支部|支部委员会会议|三月支委会|2024-03-06 19:00:00|2024-03-06 20:00:00|5|5|研究一季度党员大会
""",
    ),
}
# One workbook as the program writes it before 2007, made from these sheets.
OLD = "支部台账.xls"
OLD_SHEETS = {
    "会议记录": """
红旗厂机修车间党支部2024年会议记录|<|<|<|<
日期|类型|议题|应到|实到
@2024-01-09|支委会|年度计划|#3|#3
@2024-01-16|党员大会|传达精神|#12|#11
^|党课|安全生产先锋岗|#12|#11
""",
    "计划": WORKBOOKS["整改台账.xlsx"]["计划"],
}


def cell(text: str) -> Cell:
    """What a cell's text in a drawing stands for."""
    if text.startswith("#"):
        return float(text[1:])
    if text.startswith("@"):
        for kind in (date, time, datetime):
            try:
                return kind.fromisoformat(text[1:])
            except ValueError:
                continue
    return text.replace("\\n", "\n")


def drawn(text: str) -> list[list[str]]:
    return [line.split("|") for line in text.strip("\n").splitlines()]


def areas(grid: list[list[str]]) -> list[tuple[int, int, int, int]]:
    """First row, first column, last row, last column of every merged area."""
    found = []
    for row, line in enumerate(grid):
        for column, text in enumerate(line):
            if text in ("<", "^"):
                continue
            right, bottom = column, row
            while right + 1 < len(line) and line[right + 1] == "<":
                right += 1
            while bottom + 1 < len(grid) and grid[bottom + 1][column : column + 1] == ["^"]:
                bottom += 1
            if (right, bottom) != (column, row):
                found.append((row, column, bottom, right))
    return found


def workbook(sheets: dict[str, str]) -> bytes:
    """The bytes of an xlsx workbook, the same each time."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": CREATED})
    formats = {
        kind: book.add_format({"num_format": form})
        for kind, form in {date: "yyyy-mm-dd", datetime: "yyyy-mm-dd hh:mm", time: "hh:mm"}.items()
    }
    for name, text in sheets.items():
        sheet, grid = book.add_worksheet(name), drawn(text)
        for first, left, last, right in areas(grid):
            sheet.merge_range(first, left, last, right, "")
        for row, line in enumerate(grid):
            for column, value in enumerate(map(cell, line)):
                if isinstance(value, float):
                    sheet.write_number(row, column, value)
                elif not isinstance(value, str):
                    sheet.write_datetime(row, column, value, formats[type(value)])
                elif value and value not in ("<", "^"):
                    sheet.write_string(row, column, value)
    book.close()
    return made.getvalue()


def csv_bytes(encoding: str, text: str) -> bytes:
    made = io.StringIO(newline="")
    csv.writer(made).writerows([cell(text) for text in line] for line in drawn(text))
    return made.getvalue().encode(encoding)


def old_workbook(sheets: dict[str, str]) -> bytes | None:
    """The bytes of an xls workbook; None where LibreOffice is not at hand."""
    office = shutil.which("soffice")
    if office is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "a.xlsx"
        source.write_bytes(workbook(sheets))
        profile = f"-env:UserInstallation=file://{folder}/profile"
        subprocess.run(
            [office, profile, "--headless", "--convert-to", "xls", "--outdir", folder, source],
            check=True,
            capture_output=True,
        )
        return source.with_suffix(".xls").read_bytes()


def files() -> dict[str, bytes]:
    """Every ledger but the old one: name and content."""
    books = {name: workbook(sheets) for name, sheets in WORKBOOKS.items()}
    return books | {name: csv_bytes(*drawing) for name, drawing in CSV.items()}


def main() -> None:
    for name, content in files().items():
        (HERE / name).write_bytes(content)
    old = old_workbook(OLD_SHEETS)
    if old is not None:
        (HERE / OLD).write_bytes(old)


if __name__ == "__main__":
    main()
