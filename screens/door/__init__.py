"""The way in to a real store: signing in, making an account, the lock. Nothing of a resident is seen on any of it."""
