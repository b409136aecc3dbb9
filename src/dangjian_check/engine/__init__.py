"""Standard x record -> assessment: judging, scoring, proving the rules. Pure."""
