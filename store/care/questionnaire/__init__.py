"""Questionnaires (FHIR R4) without a store: what a file asks, what is answered, and what the answers amount to."""
