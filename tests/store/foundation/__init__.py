"""Tests of the foundation of the store."""
