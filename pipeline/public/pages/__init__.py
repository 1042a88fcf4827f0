"""Pages over what was read and decided: agencies, lists, rosters, complaints, yearly figures."""
