"""Flowcharts (运行流程图): read and checked, drawn for wide and narrow screens, told in words."""
