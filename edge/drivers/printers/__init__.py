"""Receipt printers: ESC/POS bytes, jobs, status."""
