#!/bin/sh
# 把发布的网站复制到网站服务器：copy.sh 网站文件夹 目的地，例如
#     /opt/gongshi/deploy/rsync/copy.sh /srv/gongshi/output gongshi-web@web:/srv/www/gongshi
# 先删、后改、再添：任何一步中断，已撤下的页面都不会还在服务器上；重新运行一次即可补齐。
# 环境变量 RSYNC 可以换成带参数的命令，例如 RSYNC="rsync -e 'ssh -i 密钥文件'"。
set -eu
umask 022

if [ $# -ne 2 ]; then
    echo "用法：copy.sh 网站文件夹 目的地" >&2
    exit 2
fi
from="${1%/}/" to="${2%/}/"
if [ ! -f "${from}manifest.json" ]; then
    echo "错误：$1 不是发布的网站（没有 manifest.json），没有复制；请核对文件夹。" >&2
    exit 2
fi

run() {
    eval "${RSYNC:-rsync}" '"$@"'
}
there=$(run --list-only "$to" 2>/dev/null | grep -v ' \.$' || true)
if [ -n "$there" ] && ! printf '%s\n' "$there" | grep -q ' manifest\.json$'; then
    echo "错误：目的地 $2 里有别的文件，没有复制，以免误删；请换一个空文件夹。" >&2
    exit 2
fi

copy() {
    echo "$1"
    shift
    run -rt --checksum --chmod=D755,F644 "$@" "$from" "$to"
}

# 第一次复制先放清单：中断以后，下次认得出这是自己的文件夹。
[ -n "$there" ] || copy "第一次复制" --include=/manifest.json --exclude='*'
copy "1/5 删去已撤下的" --delete --existing --ignore-existing
copy "2/5 改成撤回公告的" --existing --include='/decisions/***' --exclude='*'
copy "3/5 新的检索分片和样式" --include='/search/***' --include='/theme/***' --exclude='*' --ignore-existing
copy "4/5 列表、订阅、下载、检索" --existing --exclude='/manifest.*'
copy "5/5 新公开的和清单" --delete-after
echo "复制完成；核对：在服务器上运行 python -m pipeline verify 网站文件夹"
