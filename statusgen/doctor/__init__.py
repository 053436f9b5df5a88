"""What could take the page down together with what it reports on, and what else to mend before the worst night.

Facts are gathered by `look_up`, which asks the network; `independence` and `clock` judge them and are pure.
"""
