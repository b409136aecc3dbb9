"""Inputs nobody would write, through every way in: what may come out is an answer, soon and in little room."""
