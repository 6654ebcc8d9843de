"""A seeded simulator of small trading companies, with an independent model of the contract as its oracle."""
