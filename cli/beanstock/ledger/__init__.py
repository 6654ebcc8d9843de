"""Vouchers and Beancount text: serializer, strict reader, lock, writing all or nothing. The only user of beancount."""
