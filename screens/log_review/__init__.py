"""*Logguppföljning*: the unit's reviews of its log, and the rows of one."""
