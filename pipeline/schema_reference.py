"""``docs/内容文件.md``: what an office may write in each file of ``content/``, from the schemas."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline import schema
from pipeline.schema import Column, Schema

#: Where each kind of file stands, in the order of the document.
FILES = {
    "site": "site.toml",
    "laws": "laws.csv",
    "calendar": "calendar/<年>.toml",
    "agency": "agencies/<机关>/agency.toml",
    "officers": "agencies/<机关>/officers.csv",
    **{
        f"checklists/{name}": f"agencies/<机关>/checklists/{name}.csv"
        for name in schema.names("checklists")
    },
    "flowchart": "agencies/<机关>/flowcharts/<名称>.toml",
    "guide": "agencies/<机关>/guides/<名称>.toml",
    "case": "agencies/<机关>/cases/<名称>.toml",
    "boards": "agencies/<机关>/boards.toml",
    "posts": "agencies/<机关>/posts.toml",
    "conduct": "agencies/<机关>/conduct.toml",
    "figures": "agencies/<机关>/figures.csv",
}
_TYPES = {
    "text": "文字",
    "date": "日期",
    "number": "整数",
    "percent": "百分比",
    "choice": "选填",
    "phone": "电话",
    "postcode": "邮编",
    "code": "编号",
    "email": "邮箱",
    "flag": "是/否",
    "domain": "域名",
    "web": "网址（https://）",
    "site_code": "10位数字",
    "dates": "若干日期",
    "texts": "若干项文字",
    "table": "一节",
    "tables": "若干节",
}
_HEAD = """# 内容文件

由 `pipeline/schemas/` 生成，请勿手改。`content/` 下的每个文件都按这里核对；有错的一次全部列出
（文件、行、列、应当怎样写），改好以前不生成网站。

- 表格用 Excel 编辑，另存为 CSV（UTF-8 或者 GB18030 都可以）；列的次序不限，选填的列可以没有，
  列名可以用“也可以写成”里的任何一个，表头上面可以有一行标题。
- 其他文件用记事本编辑。日期在表格里写 2028-12-31、2028/12/31 或者 2028年12月31日都可以。
- `checklists/` 下可以另放自己的清单，列名任意，文件名就是页面名称。
- 制度文件放在 `agencies/<机关>/regulations/`，可以是 Word（.docx）、.md 或者 .txt：照原文粘贴
  即可，“第几条”“第几章”、一、二、三、（一）、表格和附件都能认出，Word 的自动编号也照样显示；
  每一条有自己的地址（网页地址后面加 `#a-8` 就是第八条）。.md 和 .txt 开头可以写 `title:`、
  `source:`、`updated:`、`order:` 各一行。还有修订痕迹、带宏或者已加密的 Word 文件不能用。
- `flowcharts/`（全站一份）是各机关通用的流程图：机关自己没有同名流程图、又有这类职权的，用通用的；
  花括号里的词（如 `{accept}`）由该机关适用的政策填写，写错了会列出可用的词。
- 文中（.md）链接某件决定，链接地址写成 `decision:决定书文号`：决定撤下以后链接自动消失，
  文号写错的不能生成网站。
"""


def document() -> str:
    """The whole document (中文), as Markdown."""
    return _HEAD + "".join(_section(schema.load(name), file) for name, file in FILES.items())


def _section(kind: Schema, file: str) -> str:
    about = "".join(f"\n{text}\n" for text in (kind.help, _told("依据：", kind.source)) if text)
    form = "键" if file.endswith(".toml") else "列"
    head = f"| {form} | 内容 | 必填 | 也可以写成 |\n|---|---|---|---|\n"
    return f"\n## {kind.title}\n\n`{file}`\n{about}\n{head}{''.join(_rows(kind.columns, form))}"


def _told(before: str, text: str) -> str:
    return f"{before}{text}" if text else ""


def _rows(columns: Sequence[Column], form: str, under: str = "") -> Iterator[str]:
    for one in columns:
        name = f"`{under}{one.key}` {one.label}" if form == "键" else one.label
        content = "、".join(one.choices) if one.choices else _TYPES[one.type]
        yield f"| {name} | {content} | {_needed(one)} | {'、'.join(one.aliases)} |\n"
        yield from _rows(one.columns, form, f"{under}{one.key}.")


def _needed(column: Column) -> str:
    if column.required_for:
        return f"适用 {'、'.join(column.required_for)} 政策的必填"
    if column.required and column.not_for:
        return f"必填（{'、'.join(column.not_for)} 政策除外）"
    return "必填" if column.required else ""
