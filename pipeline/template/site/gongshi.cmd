@echo off
rem 在本站点文件夹里运行程序，例如：gongshi check
rem 程序换了位置以后，改下面两行。
chcp 65001 >nul
set "PYTHONPATH={{program}}"
set "PYTHON={{python}}"
set PYTHONUTF8=1
cd /d "%~dp0"
"%PYTHON%" -m pipeline %*
