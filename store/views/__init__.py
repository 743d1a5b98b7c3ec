"""What lists and pages show: plain SQL in, frozen dataclasses out."""
