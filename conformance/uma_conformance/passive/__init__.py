"""Checks of traffic that others recorded: what exchanges show by themselves.

No probe stood behind these exchanges, and no control. So a passive check says only what an exchange
proves whatever came before it, and stays silent about everything else.
"""
