"""The forms of the two desks: writing a meeting's pledges down, speaking of them, correcting the record."""
