"""Services of the operating system: files, compression, processes."""
