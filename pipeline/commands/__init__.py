"""The command line: one file a verb.

Exit codes, on which scripts rely: 0 done (or nothing to do); 2 the call, the content
or a policy is wrong; 3 refused (a leak, a failed check, another run, a manifest that
does not match); 4 done, but an input could not be read.
"""

from __future__ import annotations

import typer

from pipeline.commands import ledger, publish, redact, review, status, verify

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="行政执法公示：把导出的执法决定遮盖个人信息后，生成可检索的公示网站。",
    epilog="退出码：0 完成；2 调用或配置有误；3 拒绝（原站点不变）；4 完成，但有输入无法读取。",
)
app.command("publish")(publish.publish)
app.command("redact")(redact.redact)
app.command("status")(status.status)
app.command("verify")(verify.verify)
app.add_typer(review.app, name="review")
app.add_typer(ledger.app, name="ledger")
