"""The pages on which people suggest entries and changes."""
