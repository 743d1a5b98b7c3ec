"""The säkerhetsplan: its page, its dialog, and what keeps what is typed there."""
