"""行政执法公示: from an agency's exports to a static site that leaks nothing."""
