"""Streams of bytes to devices: serial ports, TCP, the kernel's nodes, USB."""
