"""Names inside the names of bodies, shops and places: 张记面馆, 白云镇, 李宁服装店."""

from __future__ import annotations

import re

from pipeline.restricted.detect.lexicon import HAN

_SHOP = (
    "有限责任公司|有限公司|公司|集团|合作社|经营部|经销部|商行|超市|饭店|酒店|面馆|餐馆|酒楼|饭庄|山庄|农庄|庄园|诊所|药房|药店|网吧|事务所|工作室"
    "|服务部|门市部|批发部|维修部|回收站|加油站|收购站|废品站|养殖场|加工厂|工厂|家庭农场|煤矿|铁矿|石矿|矿业|广场|家园|花园|小区|大厦|大院|学校|小学|中学|幼儿园|医院|养老院|敬老院"
    "|服装店|便利店|理发店|副食店|小吃店|早餐店|火锅店|打印店|五金店|水果店|烟酒店|烤馕店|馕店|杂货店|零售店|专卖店|旗舰店|分店|商店|茶楼|茶室|会所|武馆|浴室|宾馆|旅馆|招待所|民宿|客栈"
    "|服饰店|花店|鞋店|书店|眼镜店|文具店|奶茶店|面包店|蛋糕店|烧烤店|包子店|米粉店|快餐店|干洗店|美甲店|理发室"
    "|修车店|电器店|家具店|建材店|百货店|熟食店|渔具店|农资店|照相馆|文印店|水产行|粮油行|运输队|装卸队|搬家队|服务队"
    "|零售点|代销点|经营点|售货点|活禽铺|肉铺|菜铺|杂货铺|摊位|应急管理局|人民政府|基金会|协会|商会|纪念馆|故居|牌|杯"
)
_ONE = (
    r"店|馆|厂|铺|坊|站|(?<![到在现当出进离临立登退])场(?![地所合面内外上])|"
    r"(?<![进实执履自先现举试推发流飞旅通步游同径])行(?![为政使动走人驶])|社(?!员|会)|院(?!子|"
    r"长)|所(?![有以在写签称述属持用谓占建得])|城(?!管)|楼(?![上下梯道顶房])|吧"
)
_PLACE = (
    r"镇(?![政长民])|乡(?![政长民])|村(?![民里委主支口头])|县(?!城)|市(?!场)|区(?![别分])|旗(?!下)|街道|路(?![过边口上面途遇])|街(?![上边])|大道|巷(?!口|内)|桥(?![下头])"
    r"|水库|河(?![边道里])|湖(?![边])|江(?![边])|山(?![上下坡林脚])|镇政府|村委|社区|屯|寨|苏木|嘎查"
)
_NO_GAP = (
    "系因其之以又则即便该此本的在于和与及对向从由被把将为是有到驾持称说未已不也均都等开租买卖"
    "去来经、处给让让让当现"
)
_GAP = rf"(?:(?![{_NO_GAP}])[{HAN}]){{0,6}}?"
# 常丰油茶种植农民专业合作社: the trade of a cooperative may be long.
_COOPERATIVE = rf"(?:(?![{_NO_GAP}])[{HAN}]){{7,10}}?专业合作社"
_SHOP_TAIL = re.compile(rf"(?:{_GAP}(?:{_SHOP})|{_COOPERATIVE})(?![主长员工])|(?:{_PLACE})")
_REACH = 16
_ONE_TAIL = re.compile(rf"(?:(?![{_NO_GAP}])[{HAN}]){{1,4}}?(?:{_ONE})(?![主长员])")


def inside_body(text: str, end: int, *, known: bool = False) -> bool:
    """Whether what follows ``end`` makes the name before it part of a body's or a place's.

    ``known``: the name is a person's for certain, so that a tail of one character
    (李明在馆, 李明来厂) is not enough.
    """
    following = text[end : end + _REACH]
    return bool(_SHOP_TAIL.match(following) or (not known and _ONE_TAIL.match(following)))
