"""What everything in the store stands on: identity, text, time, engines, access, events, log."""
