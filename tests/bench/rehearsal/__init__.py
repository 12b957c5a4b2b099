"""A day of coaching in an hour or less: what stands in for the world around the appliance."""
