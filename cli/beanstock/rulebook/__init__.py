"""Rule files to compiled rules: accounts and roles, taxes, vouchers, statements. Knows no records."""
