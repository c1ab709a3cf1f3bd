"""What we need of the operating system: files, compression, processes."""
