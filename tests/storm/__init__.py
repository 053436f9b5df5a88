"""Many processes on one state at once, over a shaky line, some of them killed: what they acknowledged must stay."""
