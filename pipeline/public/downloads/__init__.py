"""Open data (开放数据): every list as a dataset in CSV, XLSX and JSON lines, and the catalogue."""
