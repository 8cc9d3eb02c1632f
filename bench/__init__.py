"""How fast the product is, and how it grows: a seeded municipality, real servers, a real load."""
