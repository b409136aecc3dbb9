"""What a branch writes down, the calendar it lives in, and what may be said of it. Knows no rule."""
