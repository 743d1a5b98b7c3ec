"""Delivering notices by e-mail and sms. Only `sob avisera` sends; the app never does."""
