"""The record a branch starts with: valid at once, every part explained by an example in the record's own words.

A ``#`` with no space behind it marks an example that becomes live when the ``#`` is deleted, by hand or by an
editor's toggle; all of them together are a valid record too.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from pathlib import Path

from dangjian_check.errors import InputProblems, UsageProblem
from dangjian_check.loading.files import YAML, shown_path
from dangjian_check.loading.records import parse_record
from dangjian_check.loading.yaml_write import flow, scalar
from dangjian_check.model.fields import shown

_TEXT = """\
# {title}
# 只有支部名称必填，其余有什么写什么；不知道的不写，不要编。各栏各键的意思见 docs/record.md。
# “#”后面没有空格的，是写法的例子：删去这个“#”，改成自己的内容，就算写上了；缩进不用动。
# 写完查写法：dj-check validate {file}
# 核查：      dj-check audit {file}
# 添一次活动：dj-check add {file} --type 支委会 --date 今天 --topic 研究工作计划

format: 1

branch:
  name: {name}
  #id: jx-t1                       # 编号；不写就用文件名（branch.yaml 用文件夹名）
{type}
  #parent: 机械工程学院党总支
  #founded: 2015-09-01
{standards}
  #theme_day: {{day: 15}}            # 约定的主题党日；也可以是 {{weekday: 周五, nth: 1}}

# 声明哪一段记全了：记全的一段里没有就是没做，没有声明的一段里没有是资料不足。没有记全的不要写。
#coverage: {{from: {year}-01-01, to: {year}-12-31}}

# 支委会：哪天选出来的，谁任什么职务
#committee:
  #elected: {before}-06-15
  #posts:
    #- {{name: 张三, post: 书记, since: {before}-06-15}}
    #- {{name: 李四, post: 组织委员}}
    #- {{name: 王五, post: 宣传委员兼纪检委员}}

# 党小组
#groups:
  #- {{id: g1, name: 第一党小组, leader: 李四}}

# 名册；只知道人数的，不写 members，写 headcount: {{formal: 正式人数, probationary: 预备人数}}
#members:
  #- {{name: 张三, status: 正式, admitted: 2008-06-01, confirmed: 2009-06-01, group: g1, leading_cadre: true}}
  #- {{name: 赵六, status: 预备, admitted: {before}-05-20, group: g1}}

# 活动：一次一条，写 date 和 type，其余有就写；一次活动算几种的，type: [主题党日, 党课]
activities:
  #- {{date: {year}-01-08, type: 支委会, topic: 研究年度计划, attendance: {{expected: 5, present: 5}}}}
  #- {{date: {year}-01-15, start: "14:00", type: [主题党日, 党课], topic: 学习党章, lecturer: 张三}}
  #- {{date: {year}-01-16, type: 集中学习, attendance: {{present: 4, leave: [{{name: 王五, reason: 病假}}]}}}}
  #- {{date: {year}-01-20, type: 党小组会, group: g1, host: 李四}}
  #- {{date: {year}-02-05, type: 支委会, status: 取消, remark: 书记外出}}

# 计划和总结
#plans:
  #- {{kind: 三会一课年度计划, for: {year}, made: {year}-01-05, filed: {year}-01-12, filed_with: 机械工程学院党总支}}

# 谈心谈话
#talks:
  #- {{date: {year}-03-02, between: [张三, 赵六], topic: 思想动态}}

# 培训
#training:
  #- {{name: 张三, from: {year}-07-01, to: {year}-07-05, days: 5, organiser: 院级党校}}

# 文件材料
#documents:
  #- {{kind: 支部设置批复, date: 2015-08-20, title: 关于同意设立支部的批复}}

# 党费
#dues:
  #- {{name: 张三, month: {year}-01, due: 60, paid: 60, paid_on: {year}-01-28}}

# 发展党员
#development:
  #- {{name: 钱七, steps: {{递交入党申请书: {year}-03-01, 派人谈话: {year}-03-20}}}}

# 民主评议结果
#appraisals:
  #- {{date: {year}-01-24, for: {before}, assessed: 15, results: [{{name: 张三, grade: 优秀}}]}}

# 还有二十来栏（选举、表彰、问题整改、述职……），用到时看 docs/record.md。
# 写空的一栏（talks: []）是“一条也没有”，没有写的一栏是“没有记”，两样不同。
"""
_TYPES = """\
  #type: 教师                      # 教师 行政教辅 学生 离退休 村 社区 机关 事业单位 国企 非公企业 社会组织
                                   # 中小学 医院 流动 临时 其他，选一个"""
_STANDARDS = "  #standards: [national]          # 按哪些标准核，不写就是这一个"


def new_record(path: Path, year: int, name: str | None, kind: str | None, standards: Iterable[str]) -> str:
    """A record to be kept at ``path``, with examples of ``year``; its branch goes by the file or folder unless named.

    Raises `UsageProblem` for a file name that is no YAML and for a name no branch can have.
    """
    if path.suffix.lower() not in YAML:
        raise UsageProblem(f"{shown_path(path)} 不是 YAML 文件名", "取一个以 .yaml 结尾的名字")
    called = (path.resolve().parent.name if path.stem == "branch" else path.stem) if name is None else name.strip()
    text = _filled(called, shown_path(Path(path.name)), year, kind, list(dict.fromkeys(standards)))
    try:
        parse_record(text.encode(), shown_path(path), "")
    except (InputProblems, UnicodeEncodeError):
        raise UsageProblem(f"{shown(called)} 不能作支部名称", "写一段文字，例如 --name 教工第一党支部") from None
    return text


def _filled(name: str, file: str, year: int, kind: str | None, standards: list[str]) -> str:
    return _TEXT.format(
        title=f"{' '.join(name.split())}的工作记录",
        file=file if re.fullmatch(r"[\w.+-]+", file) else shlex.quote(file),
        name=scalar(name),
        type=f"  type: {kind}" if kind else _TYPES,
        standards=f"  standards: {flow(standards)}" if standards else _STANDARDS,
        year=year,
        before=year - 1,
    )
