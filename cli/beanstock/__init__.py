"""beanstock: bookkeeping as code for companies that buy, make and sell things."""

__version__ = "0.1.0"
