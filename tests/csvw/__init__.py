"""Tests of zorgkg.csvw."""
