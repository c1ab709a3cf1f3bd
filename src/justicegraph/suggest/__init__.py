"""What readers suggest: a form made from the shapes, what it would change, where it waits, and how it is decided on."""
