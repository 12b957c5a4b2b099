"""The sections of `make evaluate`: each measures one thing and yields rows of the table."""
