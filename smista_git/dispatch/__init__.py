"""Sends a Plan: egress gate, attempts, fallback, escalation, settling the bill."""
