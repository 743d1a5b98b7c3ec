"""The program: how it starts, who is signed in, and what frames the screens."""

VERSION = "0.1.0"
