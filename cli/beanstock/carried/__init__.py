"""What closed months carry forward: posting goes on from it, and does not compute them again.

A run that computes everything notes the state at the end of the last closed month; later runs read it back, with those
documents of closed months alone that open ones can still touch, and compute the rest. It is a cache like the index: in
the user's cache folder, bound to the hashes of all that it was made from, and never needed. Where anything is not as
it was, or touches closed months in a way that could change them, everything is computed (`Stale`); `check` always does.
"""
