"""Pricing one basket from a file, for trying promotions out: `edge price REQUEST.json`."""
