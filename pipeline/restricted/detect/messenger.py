"""WeChat, QQ and other accounts by which a person can be reached or paid."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.restricted.detect.finding import Finding, Sheet

NAME = "messenger"
_SERVICE = r"(?:微信|WeChat|wechat|微博|QQ|qq|企鹅|抖音|快手|支付宝|钉钉|小红书|淘宝|闲鱼|陌陌)"
_ACCOUNT = re.compile(
    rf"{_SERVICE}(?:[Ii][Dd]|账号|帐号|号码|号|昵称|收款码)?[为是叫:\s(\"“]{{0,4}}"
    r"([A-Za-z][A-Za-z0-9_\-]{4,31}|[1-9]\d{4,11})(?![A-Za-z0-9_\-.]|[元万年月日时分条笔次])"
)
_WXID = re.compile(r"(?<![A-Za-z0-9_])wxid_[A-Za-z0-9_\-]{4,30}")


def find(sheet: Sheet) -> Iterator[Finding]:
    """Account names after the name of the service, and bare ``wxid_…``."""
    for match in _ACCOUNT.finditer(sheet.text):
        yield Finding(*match.span(1), "im", NAME, 77)
    for match in _WXID.finditer(sheet.text):
        yield Finding(*match.span(), "im", NAME, 77)


EXAMPLES = (
    ("(微信号sima_wj0226)", ("sima_wj0226",)),
    ("(通过QQ2846017735发送)", ("2846017735",)),
    ("微信(wxid_demo1976)", ("wxid_demo1976",)),
)
COUNTER_EXAMPLES = ("微信转账50000元", "微信支付截图3张", "QQ群内发布")
