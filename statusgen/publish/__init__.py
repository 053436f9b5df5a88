"""Makes the target equal the site: decide what to send and why (`plan`), send it in an order that is safe to interrupt
(`apply`), and let nothing out that must stay in (`leaks`). `manifest` is the small file that remembers what was sent.
"""
