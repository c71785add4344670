"""Schemes: small recursive programs that serve every n of a family, found by evolution."""
