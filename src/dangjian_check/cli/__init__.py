"""Talks to people: flags in, bytes and an exit status out. The only room that knows the clock and the streams."""
