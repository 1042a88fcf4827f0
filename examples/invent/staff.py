"""Who handles the invented cases at each office, and whose certificate does not stand."""

from __future__ import annotations

UNITS = {
    "shihao": ("综合行政执法大队一中队", "综合行政执法大队二中队"),
    "lingchuan": ("危险化学品监督管理股", "安全生产综合行政执法队"),
    "mingshan": ("社会组织管理科", "养老服务科"),
    "liaoning": ("工程管理处", "指挥通信处"),
    "zhejiang": ("工程与执法处", "秘书处"),
}
REVIEWERS = {
    "shihao": "喻山岚",
    "lingchuan": "郗明澈",
    "mingshan": "厉星洲",
    "liaoning": "尉迟思远",
    "zhejiang": "楼听澜",
}
#: Whose certificate is out of date, suspended, withdrawn (the last by the table of events).
EXPIRED = {
    "shihao": "演50011006",
    "lingchuan": "演14052407",
    "mingshan": "演21050406",
    "liaoning": "演21000005",
    "zhejiang": "演33000006",
}
SUSPENDED = {
    "shihao": "演50011007",
    "lingchuan": "演14052406",
    "mingshan": "演21050407",
    "liaoning": "演21000006",
    "zhejiang": "演33000005",
}
WITHDRAWN = {
    "shihao": "演50011005",
    "lingchuan": "演14052405",
    "mingshan": "演21050405",
    "liaoning": "演21000007",
    "zhejiang": "演33000007",
}
