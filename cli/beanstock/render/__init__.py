"""Tables and problems to terminal, json, csv and md. The only user of rich."""
